"""Money as people read it: rounded once, half to even, when it is shown."""

from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.formats import number_format

UNIT = 10_000
WITHOUT_CENTS = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"}
WITHOUT_CENTS |= {"PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"}
WITH_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}


def money_words(amount_e4: int, currency: str, *, exact: bool = False) -> str:
    """Ten-thousandths as "USD 1,054.00"; `exact` shows what rounding would hide: "USD 699.0982"."""
    amount = Decimal(amount_e4) / UNIT
    digits = digits_of(currency)
    rounded = amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
    if exact and rounded != amount:
        digits, rounded = 4, amount
    said = number_format(rounded, digits, use_l10n=True, force_grouping=True)
    return f"{currency}\N{NO-BREAK SPACE}{said}"


def digits_of(currency: str) -> int:
    """Decimals of a currency, as in ISO 4217."""
    if currency in WITHOUT_CENTS:
        return 0
    return 3 if currency in WITH_THOUSANDTHS else 2
