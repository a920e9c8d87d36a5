from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "huiying.desk.plans"
    label = "plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The plan in force says which posts every unit must have."""
        from huiying.desk.accounts.queries.posts import needed
        from huiying.desk.plans.people import posts_of_the_plan

        needed["plan"] = posts_of_the_plan
