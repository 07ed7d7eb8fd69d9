"""Make the list of breached passwords anew: `python -m tools.breached_passwords LIST…`.

Each list is a text file with a password a line, plain or gzipped. Kept are the passwords that the rules of
length allow, in small letters; of each the first bytes of its SHA-256, sorted, so that it can be looked up by
halving. Says how many there are and the sum to write into ebok/access/data/README.md.
"""

import gzip
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ebok.access.domain.breached import DIGEST_BYTES, breached_digest
from ebok.access.domain.passwords import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH

BREACHED_FILE: Final = Path(__file__).resolve().parents[1] / "ebok" / "access" / "data" / "breached_passwords.bin"


def passwords(path: Path) -> Iterator[str]:
    """The passwords of one list that somebody could choose here; what is no UTF-8 is left out."""
    content = path.read_bytes()
    for line in (gzip.decompress(content) if path.suffix == ".gz" else content).split(b"\n"):
        password = line.decode("utf-8", "ignore").strip()
        if PASSWORD_MIN_LENGTH <= len(password) <= PASSWORD_MAX_LENGTH:
            yield password


def main(lists: list[str]) -> None:
    """Write the file that ships with the product."""
    digests = sorted({breached_digest(password) for name in lists for password in passwords(Path(name))})
    content = b"".join(digests)
    BREACHED_FILE.write_bytes(content)
    said = f"{len(digests)} passwords of {DIGEST_BYTES} bytes, sha256 {hashlib.sha256(content).hexdigest()}\n"
    sys.stdout.write(said)


if __name__ == "__main__":
    main(sys.argv[1:])
