import pytest

from shop.errors import Invalid
from shop.money import cents, total
from validation import check_order


def test_all_problems_are_told_at_once():
    with pytest.raises(Invalid) as caught:
        check_order({"lines": [{"sku": "", "quantity": 0, "price": 1}]})
    assert len(caught.value.problems) == 3


def test_totals_are_rounded_to_cents():
    assert str(total([{"price": 0.335, "quantity": 3}])) == "1.01"
    assert cents("12.50") == 1250
