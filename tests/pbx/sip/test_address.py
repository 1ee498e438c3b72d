from __future__ import annotations

from bubbled.pbx.sip.address import Address, Addresses

ONE: Address = ("192.0.2.1", 5060)
TWO: Address = ("192.0.2.2", 5060)
THREE: Address = ("2001:db8::3", 5060, 0, 0)


def tried(addresses: Addresses, *found: Address) -> Address:
    addresses.used = addresses.in_order(found)[0]
    return addresses.used


def test_the_order_of_the_name_server_is_kept() -> None:
    assert Addresses().in_order([TWO, ONE, THREE, TWO]) == [TWO, ONE, THREE]


def test_each_is_tried_before_one_is_tried_again() -> None:
    addresses = Addresses()
    seen = []
    for _ in range(5):
        seen.append(tried(addresses, ONE, TWO, THREE))
        addresses.failed()
    assert seen == [ONE, TWO, THREE, ONE, TWO]


def test_one_that_did_not_fail_is_stayed_with() -> None:
    addresses = Addresses()
    tried(addresses, ONE, TWO)
    addresses.failed()
    assert [tried(addresses, ONE, TWO) for _ in range(3)] == [TWO, TWO, TWO]


def test_it_tells_whether_there_is_one_that_has_not_failed() -> None:
    addresses = Addresses()
    assert not addresses.failed()
    told = []
    for _ in range(3):
        tried(addresses, ONE, TWO)
        told.append(addresses.failed())
    assert told == [True, False, False]


def test_what_the_name_server_does_not_give_any_more_is_forgotten() -> None:
    addresses = Addresses()
    tried(addresses, ONE)
    addresses.failed()
    addresses.in_order([TWO])
    assert addresses.in_order([ONE, TWO]) == [ONE, TWO]
