"""`fibery` of params.yaml."""

import pytest

from timeweave.fibery.connection import FiberySettings


@pytest.mark.parametrize("name", ["acme.fibery.io", "https://acme", "a b", "-a", "", "a/b"])
def test_an_account_is_one_word_of_an_address(name):
    with pytest.raises(ValueError, match="is not an account"):
        FiberySettings(account=name)
