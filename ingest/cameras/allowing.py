"""Private networks, allowed by an administrator for one owner's cameras."""

from collections.abc import Sequence
from ipaddress import IPv6Network, ip_network
from typing import Final
from uuid import UUID

from cases.access import Principal
from cases.register import NetworkNotAllowable
from ingest.cameras.address import ALLOWABLE, Network
from ingest.parts import Parts
from storage import accounts, audit, networks

_WIDEST: Final = {4: 16, 6: 48}
"""The shortest prefix by version: an owner's premises, not a whole city's."""


def allow_networks(parts: Parts, principal: Principal, account_id: UUID, cidrs: Sequence[str]) -> None:
    """Allows these networks for the account's cameras and no others. Raises AccountUnknown, NetworkNotAllowable."""
    checked = sorted({str(_checked(cidr)) for cidr in cidrs})
    now = parts.clock()
    with parts.database.write() as db:
        accounts.get(db, account_id)
        networks.replace(db, account_id, checked, principal.account_id, now)
        audit.record(db, principal, now, action="networks", subject="account", subject_id=account_id, networks=checked)


def _checked(cidr: str) -> Network:
    try:
        network = ip_network(cidr.strip())
    except ValueError:
        raise NetworkNotAllowable(cidr=cidr) from None
    private = any(_lies_in(network, outer) for outer in ALLOWABLE)
    if not private or network.prefixlen < _WIDEST[network.version]:
        raise NetworkNotAllowable(cidr=cidr)
    return network


def _lies_in(network: Network, outer: Network) -> bool:
    if isinstance(network, IPv6Network):
        return isinstance(outer, IPv6Network) and network.subnet_of(outer)
    return not isinstance(outer, IPv6Network) and network.subnet_of(outer)
