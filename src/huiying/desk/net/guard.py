"""Which addresses the desk may reach: public ones, and the networks that the operator lists.

A name is resolved once for each connection, every address it has is judged, and the connection goes to the judged
address itself. So neither a redirect nor a name that changes its answer (DNS rebinding) leads inside.
"""

import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from huiying.desk.net.trouble import Trouble
from huiying.engine.text import Text

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

# IANA special-purpose registries (RFC 6890 and later), beyond what `is_global` knows in every Python release.
CLOSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/128", "::1/128", "100::/64", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
        "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
COMPATIBLE = ip_network("::/96")
PORTS = frozenset({80, 443, *range(8000, 10000)})
MAIL_PORTS = frozenset({143, 993})


def embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, compatible, NAT64, 6to4 or Teredo; None if there is none."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in NAT64) or (address in COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def closed(address: Address) -> bool:
    """Whether the address is private, local, reserved or otherwise not a place of the public Internet."""
    inner = embedded(address)
    if inner is not None and closed(inner):
        return True
    inside = any(address.version == net.version and address in net for net in CLOSED)
    if inside or address.is_multicast or address.is_loopback or address.is_link_local:
        return True
    return inner is None and not address.is_global


def read_networks(text: str) -> tuple[Network, ...]:
    """Networks from a comma-separated list of CIDRs. Raises ValueError naming the part that is none."""
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def system_resolver(host: str, port: int) -> list[str]:
    """Every address of a name, as the operating system answers. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _looks_numeric(host: str) -> bool:
    """Whether a host without colons would be read as a number by inet_aton: 2130706433, 0x7f.1, 0177.0.0.1."""
    last = host.rstrip(".").rsplit(".", 1)[-1].lower()
    return last.isdigit() or (last.startswith("0x") and all(c in "0123456789abcdef" for c in last[2:]))


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides which addresses may be connected to."""

    allow: tuple[Network, ...] = ()
    resolve: Resolver = system_resolver
    ports: frozenset[int] = PORTS  # of public hosts; in listed networks every port is allowed

    def for_mail(self) -> "Guard":
        """The same judgement for a mail server: IMAP's own ports instead of the web's."""
        return replace(self, ports=MAIL_PORTS)

    def listed(self, address: Address) -> bool:
        """Whether the operator listed the address's network."""
        seen = [address, embedded(address)]
        return any(
            a is not None and a.version == net.version and a in net for a in seen for net in self.allow
        )

    def addresses(self, host: str, port: int) -> list[str]:
        """The judged addresses of a host, to be connected to as they stand.

        Raises Trouble if one of them is closed, the port is not allowed, or the name is unknown: a name that has
        one public and one private address is refused whole.
        """
        found = [self._judge(text, host, port) for text in self._lookup(host, port)]
        if not found:
            raise Trouble("dns.failed", host)
        return found

    def _lookup(self, host: str, port: int) -> Iterable[str]:
        bare = host.strip("[]")
        try:
            return [str(ip_address(bare.split("%", 1)[0]))]
        except ValueError:
            pass
        if _looks_numeric(bare):
            detail = Text(f"{host} 这种数字写法含义不明", f"the number {host} is an unclear form")
            raise Trouble("address.invalid", detail)
        try:
            return self.resolve(bare, port)
        except (OSError, UnicodeError) as error:
            raise Trouble("dns.failed", host) from error

    def _judge(self, text: str, host: str, port: int) -> str:
        address = ip_address(text.split("%", 1)[0])
        if self.listed(address):
            return str(address)
        if closed(address):
            raise Trouble("address.refused", f"{host} → {address}")
        if port not in self.ports:
            raise Trouble("port.refused", f"{host}:{port}")
        return str(address)
