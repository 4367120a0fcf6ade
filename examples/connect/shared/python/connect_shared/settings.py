import os


class MissingSetting(RuntimeError):
    pass


class Settings:
    def __init__(self, environ=None):
        self._environ = os.environ if environ is None else environ

    def require(self, name):
        value = self._environ.get(name)
        if not value:
            raise MissingSetting(name)
        return value

    def optional(self, name, default=None):
        return self._environ.get(name, default)

    @property
    def stage(self):
        return self.optional("STAGE", "dev")

    @property
    def service(self):
        return self.optional("SERVICE", "connect")

    @property
    def is_production(self):
        return self.stage == "prod"

    @property
    def region(self):
        return self.optional("AWS_REGION", "eu-central-1")

    @property
    def log_level(self):
        return self.optional("LOG_LEVEL", "INFO")

    @property
    def event_bus_name(self):
        return self.require("EVENT_BUS_NAME")

    @property
    def database_secret_arn(self):
        return self.require("DATABASE_SECRET_ARN")

    @property
    def database_name(self):
        return self.optional("DATABASE_NAME", "connect")

    @property
    def mail_queue_url(self):
        return self.require("MAIL_QUEUE_URL")

    @property
    def index_queue_url(self):
        return self.require("INDEX_QUEUE_URL")

    @property
    def websocket_endpoint(self):
        return self.require("WEBSOCKET_ENDPOINT")

    def table(self, name):
        return f"connect-{self.stage}-{name}"


settings = Settings()
