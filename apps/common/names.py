"""Names as deeds and lists write them: person, company, trust or estate, and their parts."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class NameKind(StrEnum):
    PERSON = "person"
    COMPANY = "company"
    TRUST = "trust"
    ESTATE = "estate"


@dataclass(frozen=True, slots=True)
class Name:
    """`full` is for reading, in ordinary order and case; the parts are '' for what is unknown."""

    kind: NameKind
    full: str
    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A legal form decides before everything else: 'Gilbert Estate Llc' is a company.
_LEGAL_FORMS = _words(
    "LLC INC CORP CORPORATION INCORPORATED LTD LIMITED LP LLP LLLP PLLC PLC PC BANK NA FSB"
)
_COMPANY_WORDS = _words(
    """ACADEMY ACQUISITION ACQUISITIONS ADMINISTRATION AGENCY ALLIANCE APARTMENTS ARCHDIOCESE
    ASPHALT ASSN ASSOC ASSOCIATES ASSOCIATION ASSOCS AUTHORITY AUTO BASILICA BROKERAGE
    BROTHERS BUILDERS BUREAU BUSINESS CAFE CAMPAIGN CAPITAL CATHEDRAL CENTER CENTRAL CHAPEL
    CHAPTER CHEVROLET CHURCH CITIZENS CLINIC CLUB CO COLLEGE COMMITTEE COMMUNICATIONS
    COMMUNITY COMPANY CONDOMINIUM CONGREGATION CONGRESS CONSORTIUM CONST CONSTRUCTION
    CONSULTANTS CONSULTING CONTRACTORS COOPERATIVE COUNCIL CREDIT CTR DAIRY DBA DELI DENTAL
    DENTISTRY DEPARTMENT DEPT DESIGN DEVELOPERS DEVELOPMENT DIOCESE DISTRICT ELECTRIC
    ELECTRICAL ELEMENTARY ENERGY ENGINEERING ENTERPRISE ENTERPRISES EQUITIES EQUITY
    EXTERMINATORS FARM FARMS FEDERAL FEDERATION FELLOWSHIP FINANCE FINANCIAL FNMA FOODS
    FOUNDATION FRIENDS FUND GALLERY GROCERY GROUP GRP GYMNASIUM HEALTH HLDG HLDGS HOA
    HOLDING HOLDINGS HOMEOWNERS HOMES HOSPITAL HOTEL HOUSES HOUSING HUD IMPROVEMENTS
    INDUSTRIES INSTITUTE INSURANCE INTERNATIONAL INV INVESTMENT INVESTMENTS INVESTORS INVS
    LABORATORIES LAND LEASING LENDING LIQUORS LOCAL LODGE LUTHERAN MANAGEMENT MANUFACTURING
    MEDICAL METHODIST MFG MGMT MINISTRIES MINISTRY MISSION MORTGAGE MUNICIPAL NATIONAL
    NONPROFIT OFFICE OFFICES ORGANIZATION OUTLET PARISH PARTNERS PARTNERSHIP PAVING
    PHARMACEUTICALS PIZZA POLICE POWER PROP PROPERTIES PROPERTY PROPS RAILROAD RAILWAY
    REALTY REDEVELOPMENT REHAB RENTALS RESIDENCES RESIDENTIAL RESTAURANT SALON SAVINGS SCH
    SCHOOL SECRETARY SERVICE SERVICES SERVICING SIGNS SOCIETY SOLUTIONS SPA STORE STUDIO
    STUDIOS SYNAGOGUE TELECOM TEMPLE TRANSPORTATION TRUCKING UNION UNIVERSITY UTILITIES
    VENDING VENTURE VENTURES VILLAGE"""
)
_PUBLIC_OWNER = re.compile(
    r"^(CITY|TOWN|COUNTY|STATE|VILLAGE|BOROUGH|UNITED STATES|HOUSING AUTH)\b"
)
_REAL_ESTATE = re.compile(r"\bREAL EST(ATE)?\b")
_ESTATE = re.compile(r"\b(ESTATE OF|EST OF|HEIRS OF|HEIRS)\b|\b(ESTATE|EST|DECEASED|DECD)$")
_TRUST = re.compile(
    r"\b(TRUST|TRUSTS|TRUSTEE|TRUSTEES|TTEE|TTEES|IRREVOCABLE|REVOCABLE)\b|\b(TR|TRS|TRST)$"
)
_SUFFIXES = {"JR": "Jr", "SR": "Sr", "II": "II", "III": "III", "IV": "IV", "ESQ": "Esq", "MD": "MD"}
# Behind a comma only: 'Fordham, DO' may be a doctor, 'Minh Do' is called Do.
_CREDENTIALS = _words("DO DDS DMD DVM CPA PHD RN JD PE")
_PARTICLES = _words("DE DEL DELA DI DA DOS DU EL LA LE ST VAN VON DER DEN TER BIN")
_UPPER_WORDS = _words("LLC LP LLP LLLP PLLC PC NA FSB HUD FNMA II III IV USA HOA")
_PLAIN = re.compile(r"[A-Za-z0-9&]+(?: [A-Za-z0-9&]+)*")
_NOT_WORD = re.compile(r"[^A-Z0-9&]+")


@lru_cache(maxsize=50_000)
def comparable(text: str) -> str:
    """Upper case ASCII words without punctuation: "O'Brien, Jr." -> 'OBRIEN JR'."""
    if _PLAIN.fullmatch(text):
        return text.upper()
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().upper()
    return _NOT_WORD.sub(" ", plain.replace(".", "").replace("'", "")).strip()


def name_kind(text: str) -> NameKind:
    """What a name stands for, by its words. A name with no telling word is taken for a person."""
    plain = comparable(text)
    words = set(plain.split())
    if words & _LEGAL_FORMS or _PUBLIC_OWNER.match(plain):
        return NameKind.COMPANY
    without = _REAL_ESTATE.sub("", plain)
    if _ESTATE.search(without):
        return NameKind.ESTATE
    if _TRUST.search(without):
        return NameKind.TRUST
    if words & _COMPANY_WORDS or without != plain or plain[:1].isdigit():
        return NameKind.COMPANY
    return NameKind.PERSON


def parse_name(text: str, *, surname_first: bool = False) -> Name:
    """A name in one cell. 'SAMPLETON, TESTA M' is read surname first by its comma."""
    text = " ".join(text.split()).strip(" ,;")
    kind = name_kind(text)
    if kind is not NameKind.PERSON:
        return Name(kind, display_case(text))
    text = _without_titles(text)
    before, comma, after = text.partition(",")
    if len(before.split()) > 1 and set(comparable(after).split()) & _CREDENTIALS:
        text, comma = before, ""
    if comma and not set(comparable(after).split()) <= _SUFFIXES.keys():
        return _person(after.split(), before.split())
    words = text.replace(",", " ").split()
    if surname_first and len(words) > 1:
        return _person(words[1:], words[:1])
    given, surname = _split_ordinary(words)
    return _person(given, surname)


def _without_titles(text: str) -> str:
    """'Mr & Mrs James Sample' -> 'James Sample'; a title alone is all there is of a name."""
    return _TITLE.sub("", _TITLES_OF_BOTH.sub("", text)) or text


def person(first: str, last: str) -> Name:
    """A person whose two parts the list keeps apart; the first cell may hold a middle name."""
    return _person(first.replace(",", " ").split(), last.replace(",", " ").split())


def organization(text: str) -> Name:
    """A name known not to be a person: a trust or estate by its words, else a company."""
    text = " ".join(text.split())
    kind = name_kind(text)
    return Name(NameKind.COMPANY if kind is NameKind.PERSON else kind, display_case(text))


def _split_ordinary(words: list[str]) -> tuple[list[str], list[str]]:
    tail = [word for word in words if comparable(word) in _SUFFIXES]
    words = [word for word in words if comparable(word) not in _SUFFIXES]
    at = len(words) - 1
    while at > 1 and comparable(words[at - 1]) in _PARTICLES:
        at -= 1
    return (words, tail) if at < 1 else (words[:at], words[at:] + tail)


def _person(given: list[str], surname: list[str]) -> Name:
    suffix = ""
    kept: list[list[str]] = []
    for words in (given, surname):
        suffixes = [word for word in words if comparable(word) in _SUFFIXES and len(words) > 1]
        suffix = _SUFFIXES[comparable(suffixes[0])] if suffixes else suffix
        kept.append([word for word in words if word not in suffixes])
    first, middle = kept[0][:1], kept[0][1:]
    parts = [display_case(" ".join(words)) for words in (first, middle, kept[1])]
    full = " ".join(part for part in (*parts, suffix) if part)
    return Name(NameKind.PERSON, full, parts[0], parts[1], parts[2], suffix)


@lru_cache(maxsize=50_000)
def display_case(text: str) -> str:
    """Title case for text in one case ('SAMPLETON' -> 'Sampleton'); mixed case stays as written."""
    return " ".join(_display_word(word) for word in text.split())


@lru_cache(maxsize=20_000)
def _display_word(word: str) -> str:
    if comparable(word) in _UPPER_WORDS:
        return word.upper()
    if word.isupper() or word.islower():
        return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
    return word


def name_key(name: Name) -> str:
    """Equal for two spellings of one name: punctuation, case and accents do not count."""
    return comparable(f"{name.first} {name.last} {name.suffix}" if name.last else name.full)


_JOINT = re.compile(r"\s*(?:&|\+|;|\bAND\b|/)\s*", re.IGNORECASE)
_TITLE = re.compile(r"^(?:MR|MRS|MS|DR|MR & MRS|MR AND MRS)\.?\s+(?=\S)", re.IGNORECASE)
_ET_AL = re.compile(r"[\s,]+ET\.?\s*(?:AL|UX|VIR)\.?$", re.IGNORECASE)
_TITLES_OF_BOTH = re.compile(r"^\s*MR\.?\s*(?:&|AND)\s*MRS\.?\s+", re.IGNORECASE)


def parse_owners(text: str, *, surname_first: bool = False) -> tuple[Name, ...]:
    """The owners in one cell: 'JOHN & MARY SMITH' are two people, 'OAK & PINE LLC' is one company.

    A part without a surname shares its partner's: 'SMITH, JOHN & MARY', 'John A & Mary B Smith'.
    'Smith & Wesson' stays one name, because neither part has a given name to it. An empty cell
    gives no owner.
    """
    text = _ET_AL.sub("", _TITLES_OF_BOTH.sub("", " ".join(text.split()))).strip(" ,;&")
    if not text:
        return ()
    parts = [_TITLE.sub("", part).strip(" ,") for part in _JOINT.split(text)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or name_kind(text) is not NameKind.PERSON:
        return (parse_name(text, surname_first=surname_first),)
    if not any(_has_surname(part) for part in parts):
        return (parse_name(text, surname_first=surname_first),)
    # 'SMITH JOHN & MARY': in ordinary order the surname would stand at the end.
    is_turned = surname_first or (_has_surname(parts[0]) and not _has_surname(parts[-1]))
    return tuple(_with_shared_surnames(parts, is_turned))


def _has_surname(part: str) -> bool:
    """More than a given name, its initials and a suffix."""
    words = [word for word in comparable(part).split() if word not in _SUFFIXES]
    return "," in part or sum(len(word) > 1 for word in words) > 1


def _with_shared_surnames(parts: list[str], surname_first: bool) -> Iterator[Name]:
    known = [
        parse_name(part, surname_first=surname_first) if _has_surname(part) else None
        for part in parts
    ]
    for at, (part, own) in enumerate(zip(parts, known, strict=True)):
        if own is not None:
            yield own
            continue
        # The nearest partner to the right, as in 'John & Mary Smith', else to the left.
        nearest = [*known[at + 1 :], *reversed(known[:at])]
        shared = next(name for name in nearest if name is not None)
        yield person(part, shared.last)
