"""One address."""

from django.utils.translation import gettext_lazy as _

from huiying.desk.collect.sources.forms import AddressField, KindForm


class Form(KindForm):
    """A feed's form."""

    own = ("address",)
    address = AddressField(label=_("订阅地址"), help_text=_("RSS、Atom 或 JSON Feed 的地址"))
    field_order = ("address", "name")
