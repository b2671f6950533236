"""The kinds of feeds we can read."""

from apps.deals.feeds.providers.batchdata import BatchData
from apps.deals.feeds.providers.folder import Folder
from apps.deals.feeds.providers.reapi import RealEstateApi
from apps.deals.feeds.providers.rentcast import RentCast
from apps.deals.feeds.providers.reso import Reso
from apps.deals.feeds.providers.socrata import Socrata
from apps.deals.feeds.types import FeedProvider

_PROVIDERS: dict[str, FeedProvider] = {
    "reso": Reso(),
    "batchdata": BatchData(),
    "reapi": RealEstateApi(),
    "rentcast": RentCast(),
    "socrata": Socrata(),
    "folder": Folder(),
}


def provider_of(source_type: str) -> FeedProvider:
    """Raises KeyError for a type that is not read by us."""
    return _PROVIDERS[source_type]
