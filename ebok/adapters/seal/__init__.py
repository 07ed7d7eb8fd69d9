"""The electronic seal on PDF files: PAdES-B-B by pyHanko, its reading back without it, the making of keys, a fake."""

from ebok.adapters.seal.fake import FakeSeal
from ebok.adapters.seal.keys import SealFiles, SealKey, UnreadableKey, certificates_in, key_in
from ebok.adapters.seal.making import MadeSeal, make_seal
from ebok.adapters.seal.pades import PadesSeal, SealFromFiles

__all__ = [
    "FakeSeal",
    "MadeSeal",
    "PadesSeal",
    "SealFiles",
    "SealFromFiles",
    "SealKey",
    "UnreadableKey",
    "certificates_in",
    "key_in",
    "make_seal",
]
