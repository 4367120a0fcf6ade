class ShopError(Exception):
    status = 500


class NotFound(ShopError):
    status = 404


class Invalid(ShopError):
    status = 400

    def __init__(self, problems):
        super().__init__("; ".join(problems))
        self.problems = problems


class Conflict(ShopError):
    status = 409


class OutOfStock(ShopError):
    """The state machine catches this by name."""


class PaymentDeclined(ShopError):
    """The state machine catches this by name."""
