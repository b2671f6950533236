import json

import pytest

from apps.common.names import (
    Name,
    NameKind,
    comparable,
    name_key,
    name_kind,
    organization,
    parse_name,
    person,
)
from tests.conftest import SHARED_DATA

KINDS = {
    "Testa Sampleton": NameKind.PERSON,
    "Example Holdings Llc": NameKind.COMPANY,
    "14-16 Sample Ter Llc": NameKind.COMPANY,
    "Gilbert Estate Llc": NameKind.COMPANY,
    "Superior Real Estate": NameKind.COMPANY,
    "Bank New York Mellon Tr": NameKind.COMPANY,
    "City Of New Haven": NameKind.COMPANY,
    "B & W Associates": NameKind.COMPANY,
    "Sampleton Family Trust": NameKind.TRUST,
    "Testa Sampleton Living Tr": NameKind.TRUST,
    "TESTA SAMPLETON TTEE": NameKind.TRUST,
    "Estate Of Testa Sampleton": NameKind.ESTATE,
    "Sampleton Testa Est": NameKind.ESTATE,
    "Heirs of T. Sampleton": NameKind.ESTATE,
}
PEOPLE = {
    "Testa Sampleton": ("Testa", "", "Sampleton", ""),
    "SAMPLETON, TESTA M": ("Testa", "M", "Sampleton", ""),
    "Testa M. Sampleton Jr.": ("Testa", "M.", "Sampleton", "Jr"),
    "Stanley Jones, Jr.": ("Stanley", "", "Jones", "Jr"),
    "Gary L. Coulter, Jr. Jr.": ("Gary", "L.", "Coulter", "Jr"),
    "Lee Van De Water": ("Lee", "", "Van De Water", ""),
    "Anita McCoy": ("Anita", "", "McCoy", ""),
    "PETRILLO-NEAL, ANNE": ("Anne", "", "Petrillo-Neal", ""),
    "Hammond": ("Hammond", "", "", ""),
    "Mrs. Ada Sampleton": ("Ada", "", "Sampleton", ""),
    "Mr. and Mrs. Stan M. Sampleton, III": ("Stan", "M.", "Sampleton", "III"),
    "Testa Sampleton, DO": ("Testa", "", "Sampleton", ""),
    "Testa B. Sampleton, DDS": ("Testa", "B.", "Sampleton", ""),
    "DO, TESTA": ("Testa", "", "Do", ""),
    "Testa Do": ("Testa", "", "Do", ""),
}


@pytest.mark.parametrize(("text", "kind"), KINDS.items())
def test_kind(text, kind):
    assert name_kind(text) is kind


@pytest.mark.parametrize(("text", "parts"), PEOPLE.items())
def test_parts_of_a_person(text, parts):
    name = parse_name(text)
    assert (name.first, name.middle, name.last, name.suffix) == parts


def test_surname_first_without_comma():
    assert parse_name("SAMPLETON TESTA M", surname_first=True).full == "Testa M Sampleton"


def test_parts_kept_apart_by_the_list():
    assert person("LOPEZ N. ", "LIBORIO, ESQ") == Name(
        NameKind.PERSON, "Lopez N. Liborio Esq", "Lopez", "N.", "Liborio", "Esq"
    )


def test_organization_is_never_a_person():
    assert organization("Vazquez").kind is NameKind.COMPANY
    assert organization("Sampleton Family Trust").kind is NameKind.TRUST
    assert organization("example holdings llc").full == "Example Holdings LLC"


def test_one_key_for_one_name():
    assert name_key(person("Testa", "O'Sample")) == name_key(parse_name("OSAMPLE, TESTA"))
    assert name_key(organization("EXAMPLE HOLDINGS, L.L.C.")) == name_key(
        organization("Example Holdings Llc")
    )
    assert name_key(person("Testa", "Sampleton")) != name_key(person("Testa", "Sampleton Jr"))


GIVEN, SURNAME = ("GivenName", "FirstInitial"), ("Surname", "LastInitial")


def labelled(kind):
    path = SHARED_DATA / "names" / "probablepeople_labelled.json"
    return json.loads(path.read_text())[kind]


@pytest.mark.shared_data
def test_labelled_names():
    """No person is called a company, and most companies are found by their words alone."""
    people = [item["text"] for item in labelled("person")]
    companies = [item["text"] for item in labelled("company")]
    assert [text for text in people if name_kind(text) is not NameKind.PERSON] == []
    found = sum(name_kind(text) is not NameKind.PERSON for text in companies)
    assert found / len(companies) > 0.75


@pytest.mark.shared_data
def test_every_labelled_person_has_given_name_and_surname():
    """A lone word may be either name: it is kept whole, and claimed for neither."""
    wrong = []
    for item in labelled("person"):
        name, text = parse_name(item["text"]), item["text"]
        if len(text.split()) == 1:
            assert comparable(name.full) == comparable(text)
            assert name.last == ""
            continue
        given = next(text for label, text in item["tokens"] if label in GIVEN)
        surname = " ".join(text for label, text in item["tokens"] if label in SURNAME)
        found = comparable(name.first), comparable(name.last)
        if found != (comparable(given), comparable(surname)):
            wrong.append(text)
    assert wrong == []
