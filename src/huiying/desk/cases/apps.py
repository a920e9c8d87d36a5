from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiying.desk.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Calendars saved below are counted anew here; stories below learn what became of them."""
        from huiying.desk.cases import panels, stories, way
        from huiying.desk.cases.recount import recount
        from huiying.desk.cases.slots import Panel, slots
        from huiying.desk.collect import panels as of_mentions
        from huiying.desk.listen import judge, marks
        from huiying.desk.plans.actions import after_calendar

        slots.add(Panel(key="asked", order=40, template="cases/parts/asked.html", context=panels.asked))
        slots.add(Panel(key="way", order=90, template="cases/parts/way.html", context=way.panel))
        marks.register(stories.marks)
        judge.register_mishandled(stories.mishandled)
        of_mentions.add(
            of_mentions.Panel(
                key="cases", order=20, template="cases/parts/of_mention.html", context=stories.of_mention
            )
        )
        if recount not in after_calendar:
            after_calendar.append(recount)
