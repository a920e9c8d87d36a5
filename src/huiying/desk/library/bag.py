"""A package in the layout of BagIt (RFC 8493), zipped: payload, manifest of SHA-256, and a manifest of the tag files.

Whoever has the package can check it with any BagIt tool, years later, without this desk.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from datetime import datetime

DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
#: Zip members carry one fixed date, so that the same content always gives the same bytes.
STILL = (1980, 1, 1, 0, 0, 0)


def sha256(data: bytes) -> str:
    """Lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(data)}  {_encoded(name)}\n" for name, data in sorted(files.items())).encode()


def _encoded(name: str) -> str:
    """A path as manifests write it: line breaks and percent signs escaped (RFC 8493, 2.1.3)."""
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _info(info: Mapping[str, str], payload: Mapping[str, bytes], made: datetime) -> bytes:
    octets = sum(len(data) for data in payload.values())
    rows = {**info, "Bagging-Date": f"{made:%Y-%m-%d}", "Payload-Oxum": f"{octets}.{len(payload)}"}
    return "".join(f"{name}: {' '.join(value.split())}\n" for name, value in rows.items()).encode()


def pack(name: str, files: Mapping[str, bytes], info: Mapping[str, str], made: datetime) -> bytes:
    """The zip of a bag whose top folder is `name`; `files` are paths below `data/` and their content."""
    payload = {f"data/{path}": data for path, data in files.items()}
    tags = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": _info(info, payload, made),
        "manifest-sha256.txt": _manifest(payload),
    }
    tags["tagmanifest-sha256.txt"] = _manifest(tags)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted({**tags, **payload}.items()):
            member = zipfile.ZipInfo(f"{name}/{path}", STILL)
            member.compress_type, member.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(member, data)
    return out.getvalue()


def flaws(package: bytes) -> list[str]:
    """What is wrong with a package, a line each; empty when it is whole and exactly what its manifests say."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            content = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, RuntimeError) as broken:
        return [f"not a readable zip: {broken}"]
    if content.get("bagit.txt") != DECLARATION:
        return ["bagit.txt is missing or not of version 1.0"]
    found = _against(content, "tagmanifest-sha256.txt") + _against(content, "manifest-sha256.txt")
    listed = {path for path, _digest in _rows(content.get("manifest-sha256.txt", b""))}
    extra = sorted(path for path in content if path.startswith("data/") and path not in listed)
    return found + [f"{path} stands in no manifest" for path in extra]


def _rows(manifest: bytes) -> list[tuple[str, str]]:
    """Path and digest of each line."""
    lines = manifest.decode("utf-8", "replace").splitlines()
    return [
        (_decoded(path), digest)
        for digest, _gap, path in (line.partition("  ") for line in lines if line.strip())
    ]


def _decoded(path: str) -> str:
    return path.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def _against(content: Mapping[str, bytes], manifest: str) -> list[str]:
    if manifest not in content:
        return [f"{manifest} is missing"]
    found = []
    for path, digest in _rows(content[manifest]):
        if path not in content:
            found.append(f"{path} is missing")
        elif sha256(content[path]) != digest:
            found.append(f"{path} is not what {manifest} says")
    return found
