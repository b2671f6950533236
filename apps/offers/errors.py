"""Why an offer cannot be made or answered: each message is a sentence for the person who asked."""


class OfferRefused(ValueError):
    """Base of all of them."""


class DealNotQualified(OfferRefused):
    """The deal's rules did not let it through, or it is over."""


class OfferNotPriceable(OfferRefused):
    """Numbers are missing, or they leave nothing for the seller."""


class SellerUnknown(OfferRefused):
    """There is nobody to make the offer to."""


class StrategyInactive(OfferRefused):
    """The strategy was switched off."""


class OfferAlreadyAccepted(OfferRefused):
    """Somebody accepted first."""


class OfferExpired(OfferRefused):
    """The offer's time is over."""


class OfferWithdrawn(OfferRefused):
    """The offer was taken back."""


class DocumentNotReady(OfferRefused):
    """There is no document yet, or another one than the signer was shown."""
