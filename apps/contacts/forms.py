"""What a person may say about a number."""

from django import forms

MARKS = [
    ("verified", "It works"),
    ("parked", "Do not use for now"),
    ("wrong_number", "Wrong number"),
]


class PhoneMarkForm(forms.Form):
    status = forms.ChoiceField(choices=MARKS)
