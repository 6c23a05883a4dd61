"""How large a stream becomes, found without unpacking more than the cap."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endorsement_portal.files.streams import TooBig, Unmeasured, unpacked_size

CAP = 1_000_000


@given(st.binary(max_size=5000))
def test_flate_is_measured_exactly(data):
    assert unpacked_size(zlib.compress(data), ("FlateDecode",), CAP) == len(data)


@given(st.binary(max_size=2000))
def test_chains_are_measured_exactly(data):
    packed = base64.a85encode(zlib.compress(data)) + b"~>"
    assert unpacked_size(packed, ("ASCII85Decode", "Fl"), CAP) == len(data)
    assert unpacked_size(data.hex().encode() + b">", ("AHx",), CAP) == len(data)


def test_no_filter_is_its_own_size():
    assert unpacked_size(b"12345", (), CAP) == 5


@pytest.mark.parametrize(("size", "fits"), [(CAP, True), (CAP + 1, False)])
def test_the_cap_is_included(size, fits):
    packed = zlib.compress(b"\x00" * size)
    if fits:
        assert unpacked_size(packed, ("FlateDecode",), CAP) == size
    else:
        with pytest.raises(TooBig):
            unpacked_size(packed, ("FlateDecode",), CAP)


def test_run_lengths():
    assert unpacked_size(b"\x02abc\xfez\x80ignored", ("RunLengthDecode",), CAP) == 6
    with pytest.raises(TooBig):
        unpacked_size(b"\x81z" * 10_000, ("RL",), CAP)


def test_letters_z_grow_fourfold_and_no_more():
    assert unpacked_size(b"zz~>", ("A85",), CAP) == 8
    with pytest.raises(TooBig):
        unpacked_size(b"z" * CAP, ("A85",), CAP)


def test_broken_base_85_counts_as_it_stands():
    assert unpacked_size(b"uuuuu~>", ("A85",), CAP) == 5


def test_an_odd_hex_digit_is_half_a_byte():
    assert unpacked_size(b"abc>", ("ASCIIHexDecode",), CAP) == 2


def test_damaged_flate_counts_what_came_out():
    assert unpacked_size(b"not zlib at all", ("FlateDecode",), CAP) == 0


@pytest.mark.parametrize("codec", ["DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode"])
def test_picture_codecs_end_the_chain(codec):
    assert unpacked_size(zlib.compress(b"1234"), ("FlateDecode", codec), CAP) == 4


def test_a_stranger_is_not_guessed():
    with pytest.raises(Unmeasured):
        unpacked_size(b"x", ("LZWDecode",), CAP)
