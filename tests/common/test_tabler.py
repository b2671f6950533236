"""Forms in the look of the style kit: classes, errors and help reach the reader."""

from __future__ import annotations

import re

from django import forms
from django.template.loader import render_to_string


class Sample(forms.Form):
    email = forms.EmailField(help_text="As on your card")
    kind = forms.ChoiceField(choices=[("a", "A")])
    agreed = forms.BooleanField(label="I agree")
    note = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"class": "tall", "rows": 3})
    )
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("The whole is <wrong>.")


def render(data: dict[str, str] | None = None) -> str:
    return render_to_string("partials/form.html", {"form": Sample(data)})


def control(html: str, name: str) -> str:
    """The opening tag of the control of that name."""
    found = re.search(rf'<(?:input|select|textarea)[^>]*\bname="{name}"[^>]*>', html)
    assert found, name
    return found.group(0)


def test_each_kind_of_control_gets_its_class():
    html = render()
    assert 'class="form-control"' in control(html, "email")
    assert 'class="form-select"' in control(html, "kind")
    assert 'class="form-check-input"' in control(html, "agreed")
    assert 'class="tall form-control"' in control(html, "note")


def test_labels_and_help_are_tied_to_their_control():
    html = render()
    assert '<label class="form-label required" for="id_email">Email</label>' in html
    assert 'aria-describedby="id_email_helptext"' in control(html, "email")
    assert 'id="id_email_helptext">As on your card' in html
    assert '<label class="form-label" for="id_note">' in html


def test_errors_are_tied_to_their_control_and_escaped():
    html = render({"email": "nonsense", "kind": "a", "agreed": "on", "token": "x"})
    assert 'class="form-control is-invalid"' in control(html, "email")
    assert 'aria-invalid="true"' in control(html, "email")
    assert 'id="id_email_error"' in html
    assert "Enter a valid email address." in html
    assert "The whole is &lt;wrong&gt;." in html


def test_hidden_fields_have_no_label():
    html = render()
    assert 'type="hidden"' in control(html, "token")
    assert ">Token<" not in html
