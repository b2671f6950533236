"""Suggestions, the two side by side, merging and undoing over HTTP, with and without a role."""

import pytest
from django.urls import reverse

from apps.contacts.models import Contact, Merge, MergeSuggestion
from apps.contacts.tasks import suggest_due

pytestmark = pytest.mark.django_db
PHONE = "+12035550142"


@pytest.fixture
def pair(world):
    where = {"mailing_line": "12 Elm St", "mailing_city": "New Haven", "mailing_state": "CT",
             "mailing_zip": "06511", "mailing_key": "12 ELM ST 06511"}  # fmt: skip
    bob = world.person("Bob Sample", [PHONE], **where)
    robert = world.person("Robert Sample", [PHONE], ["rob@example.com"], **where)
    world.deal(bob), world.deal(robert)
    world.message(robert)
    suggest_due()
    return bob, robert


def merge_url(contact):
    return reverse("contacts:merge", args=[contact.public_id])


def detail_url(contact):
    return reverse("contacts:contact_detail", args=[contact.public_id])


def post_merge(client, bob, robert, **more):
    return client.post(merge_url(bob), {"other": robert.public_id, **more})


def test_the_list_leads_to_the_pair_and_the_pair_to_one(signed_in, workspace, pair, deliver):
    bob, robert = pair
    client = signed_in(workspace)
    assert "1 pair may be the same" in client.get(reverse("contacts:contact_list")).content.decode()
    page = client.get(reverse("contacts:merge_list")).content.decode()
    for text in ("Almost certainly the same", "Same phone, (203) 555-0142", "Compare and merge"):
        assert text in page
    page = client.get(merge_url(bob), {"other": robert.public_id}).content.decode()
    assert "Bob is short or long for Robert" in page
    assert 'name="name" value="other" checked' in page, "the fuller name is chosen beforehand"
    answer = post_merge(client, bob, robert, keep="survivor", name="other")
    assert answer.url == detail_url(bob)
    deliver()
    page = client.get(detail_url(bob)).content.decode()
    assert "What was merged here" in page
    assert "Robert Sample was merged into this contact" in page
    bob.refresh_from_db()
    assert bob.name == "Robert Sample"
    assert "No duplicates found" in client.get(reverse("contacts:merge_list")).content.decode()
    listed = client.get(reverse("contacts:contact_list")).context["page"].rows
    assert [row.pk for row in listed] == [bob.pk]


def test_a_link_to_a_merged_contact_leads_to_the_one(signed_in, workspace, pair):
    bob, robert = pair
    client = signed_in(workspace)
    post_merge(client, bob, robert)
    assert client.get(detail_url(robert)).url == detail_url(bob)
    panel = client.get(reverse("contacts:contact_panel", args=[robert.public_id]))
    assert "rob<wbr>@example.com" in panel.content.decode()


def test_the_page_of_the_other_may_be_the_one_that_stays(signed_in, workspace, pair):
    bob, robert = pair
    answer = post_merge(signed_in(workspace), bob, robert, keep="other", name="survivor")
    assert answer.url == detail_url(robert)
    robert.refresh_from_db()
    assert robert.name == "Bob Sample", "the radio buttons mean the columns of the page"


def test_a_merge_is_undone_on_the_page(signed_in, workspace, pair, deliver):
    bob, robert = pair
    client = signed_in(workspace)
    post_merge(client, bob, robert)
    merge = Merge.objects.in_workspace(workspace).get()
    answer = client.post(reverse("contacts:unmerge", args=[merge.public_id]), follow=True)
    assert "Robert Sample stands alone again" in answer.content.decode()
    assert client.get(detail_url(robert)).status_code == 200


def test_an_older_merge_is_refused_with_a_sentence(signed_in, workspace, pair, world):
    bob, robert = pair
    client = signed_in(workspace)
    post_merge(client, bob, robert)
    post_merge(client, bob, world.person("Carl Later"))
    first = Merge.objects.in_workspace(workspace).order_by("pk").first()
    answer = client.post(reverse("contacts:unmerge", args=[first.public_id]), follow=True)
    assert "First undo the later merge of Carl Later into Bob Sample." in answer.content.decode()


def test_not_the_same_leaves_both(signed_in, workspace, pair):
    client = signed_in(workspace)
    row = MergeSuggestion.objects.in_workspace(workspace).get()
    answer = client.post(reverse("contacts:dismiss_suggestion", args=[row.public_id]), follow=True)
    page = answer.content.decode()
    assert "stay two" in page
    assert "No duplicates found" in page
    assert Contact.objects.in_workspace(workspace).filter(merged_into__isnull=True).count() == 2


def test_the_other_is_found_by_search(signed_in, workspace, pair):
    bob, robert = pair
    page = signed_in(workspace).get(merge_url(bob), {"q": "robert"}).content.decode()
    assert f"?other={robert.public_id}" in page


@pytest.mark.parametrize("other", ["", "no uuid", "5e11e600-0000-4000-8000-000000000001"])
def test_an_unknown_other_is_not_found(signed_in, workspace, pair, other):
    client = signed_in(workspace)
    answers = [client.post(merge_url(pair[0]), {"other": other})]
    if other:
        answers.append(client.get(merge_url(pair[0]), {"other": other}))
    assert {answer.status_code for answer in answers} == {404}
    assert not Merge.objects.in_workspace(workspace).exists()


@pytest.mark.parametrize("value", ["both", "\x00"])
def test_a_made_up_choice_is_told_and_nothing_happens(signed_in, workspace, pair, value):
    bob, robert = pair
    answer = post_merge(signed_in(workspace), bob, robert, name=value)
    assert answer.status_code == 422
    assert not Merge.objects.in_workspace(workspace).exists()


def test_strangers_get_404_and_low_roles_403(
    signed_in, workspace, other_workspace, pair, make_user
):
    bob, robert = pair
    row = MergeSuggestion.objects.in_workspace(workspace).get()
    post_merge(signed_in(workspace), bob, robert)
    merge = Merge.objects.in_workspace(workspace).get()
    posts = [
        merge_url(bob),
        reverse("contacts:dismiss_suggestion", args=[row.public_id]),
        reverse("contacts:unmerge", args=[merge.public_id]),
    ]
    stranger = signed_in(other_workspace)
    assert {stranger.post(url, {"other": robert.public_id}).status_code for url in posts} == {404}
    low = signed_in(workspace, "viewer")
    assert {low.post(url, {"other": robert.public_id}).status_code for url in posts} == {403}
    assert low.get(reverse("contacts:merge_list")).status_code == 200


def test_the_portfolio_counts_and_filters(signed_in, workspace, world):
    owner, small = world.person("Many Owner"), world.person("One Owner")
    for _ in range(3):
        world.deal(owner)
    world.deal(small)
    client = signed_in(workspace)
    rows = client.get(reverse("contacts:contact_list"), {"owns": 2}).context["page"].rows
    assert [(row.name, row.property_count) for row in rows] == [("Many Owner", 3)]
    kinds = client.get(reverse("contacts:contact_list"), {"kind": "company"}).context["page"].rows
    assert not kinds
    for bad in ("-1", "many", "\x00", "9" * 30):
        answer = client.get(reverse("contacts:contact_list"), {"owns": bad, "kind": bad, "q": bad})
        assert answer.status_code == 200
    panel = client.get(reverse("deals:portfolio_panel", args=[owner.public_id]))
    assert "3 properties, 3 deals" in panel.content.decode()
    stranger = client.get(reverse("deals:portfolio_panel", args=[workspace.public_id]))
    assert stranger.status_code == 404


def test_follow_ups_of_a_person_stand_in_one_panel(signed_in, workspace, world, merge):
    one, two = world.person("Ann Sample"), world.person("Anne Sample")
    world.enrollment(world.deal(one), one), world.enrollment(world.deal(two), two)
    merge(one, two)
    panel = signed_in(workspace).get(reverse("sequences:contact_panel", args=[two.public_id]))
    assert panel.content.decode().count("/deals/") == 2
