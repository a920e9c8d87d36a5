"""What must not be read back: passwords of sources sealed at rest, authors turned into pseudonyms.

Both keys come from the desk's SECRET_KEY, each for its own purpose (HKDF, RFC 5869), so that neither tells anything
about the other or about signed cookies. SECRET_KEY_FALLBACKS still open what older keys sealed.
"""

import base64
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from huiying.desk.collect.trouble import Trouble


def seal(secret: str) -> str:
    """The secret as it is stored; an empty one stays empty."""
    return _box().encrypt(secret.encode()).decode() if secret else ""


def unseal(sealed: str) -> str:
    """The secret behind what `seal` made. Raises Trouble when SECRET_KEY is no longer the one that sealed it."""
    if not sealed:
        return ""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Trouble("secret.lost") from error


def voice(author: str, place: str) -> str:
    """A pseudonym that is the same for the same author at the same place, and leads back to nobody.

    `place` is the site: names of different sites are different voices, and nobody is followed from one to another.
    """
    name = " ".join(author.split()).casefold()
    if not name:
        return ""
    return hmac.digest(
        _derived(settings.SECRET_KEY, "voices"), f"{place}\x1f{name}".encode(), "sha256"
    ).hex()[:32]


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(one, "source secrets"))) for one in secrets])


@lru_cache(maxsize=16)
def _derived(secret: str, purpose: str) -> bytes:
    info = f"huiying {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
