"""The questions that lead an after-action review."""

from django import forms
from django.utils.translation import gettext_lazy as _


def _answer(label: object, rows: int, help_text: object, required: bool = False) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=area, required=required, max_length=8000, help_text=help_text)  # type: ignore[arg-type]


class ReviewForm(forms.Form):
    """What happened, what went well, what did not, what is done differently, what may come."""

    summary = _answer(_("经过"), 5, _("什么时候、从哪里发现，怎样发展，怎样了结。"), required=True)
    worked = _answer(_("哪些做对了"), 3, _("下次照样做的。"))
    failed = _answer(_("哪些没做好"), 3, _("哪一步慢了、漏了，为什么。"))
    lessons = _answer(_("经验与教训"), 4, _("换一个人来办，也能照着做的话。"), required=True)
    outlook = _answer(_("后续研判"), 3, _("还可能怎样，要盯住什么。"))
