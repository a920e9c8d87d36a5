"""Only a name: address and key are made by the desk."""

from huiying.desk.collect.sources.forms import KindForm


class Form(KindForm):
    """The form of an inbound webhook."""

    scheduled = False
