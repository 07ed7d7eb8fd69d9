from base64 import urlsafe_b64decode
from datetime import date

from ebok.billing.domain.ksef_code import verification_url


def test_the_example_of_the_ministry_comes_out_to_the_letter():
    digest = urlsafe_b64decode("UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE=")
    url = verification_url(
        seller_nip="1111111111", issue_date=date(2026, 2, 1), xml_sha256=digest, site="https://qr-test.ksef.mf.gov.pl"
    )
    assert (
        url
        == "https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
    )
