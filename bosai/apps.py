from django.apps import AppConfig


class BosaiConfig(AppConfig):
    name = "bosai"

    def ready(self) -> None:
        from bosai import checks  # noqa: F401  (registers them)
