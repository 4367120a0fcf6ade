class ConnectError(Exception):
    status = 500
    code = "internal"

    def __init__(self, message="", **details):
        super().__init__(message or self.code)
        self.details = details

    def to_dict(self):
        return {"code": self.code, "message": str(self), "details": self.details}


class NotFound(ConnectError):
    status = 404
    code = "not_found"


class Invalid(ConnectError):
    status = 422
    code = "invalid"


class Forbidden(ConnectError):
    status = 403
    code = "forbidden"


class Conflict(ConnectError):
    status = 409
    code = "conflict"


class Unavailable(ConnectError):
    status = 503
    code = "unavailable"
