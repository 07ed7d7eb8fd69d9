"""Notices of mail servers as they write them, about a message of ours. Addresses are fictional."""

from uuid import UUID

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: bok@opwik.example
Message-Id: <20261122120000.4F00A1C2@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F00A1C2.1/mx.example"

--4F00A1C2.1/mx.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.

--4F00A1C2.1/mx.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: 4F00A1C2
Arrival-Date: Sun, 22 Nov 2026 12:00:00 +0100 (CET)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: 5.1.1
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected:
    User unknown

--4F00A1C2.1/mx.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: OPWiK eBOK <bok@opwik.example>
To: {recipient}
Message-ID: <{key}@opwik.example>

--4F00A1C2.1/mx.example--
"""
EXIM = """\
From: Mail Delivery System <Mailer-Daemon@exim.example>
To: bok@opwik.example
X-Failed-Recipients: {recipient}
Content-Type: multipart/report; report-type=delivery-status; boundary=1763812800-eximdsn-1
MIME-Version: 1.0
Message-Id: <E1vMxxx-0001-AB@exim.example>

--1763812800-eximdsn-1
Content-type: text/plain; charset=us-ascii

This message was created automatically by mail delivery software.

--1763812800-eximdsn-1
Content-type: message/delivery-status

Reporting-MTA: dns; exim.example

Action: {action}
Final-Recipient: rfc822;{recipient}
Status: 5.0.0
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 552 5.2.2 mailbox full

--1763812800-eximdsn-1
Content-type: message/rfc822

Return-path: <bok@opwik.example>
From: OPWiK eBOK <bok@opwik.example>
Message-ID: <{key}@opwik.example>
To: {recipient}

tekst

--1763812800-eximdsn-1--
"""
EXCHANGE = """\
From: Microsoft Outlook <MicrosoftExchange@outlook.example>
To: <bok@opwik.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_000_abc_"
Message-ID: <8d3f1b44-1111-2222-3333-444455556666@outlook.example>
In-Reply-To: <{key}@opwik.example>
Subject: =?utf-8?Q?Niedostarczalne:_Faktura_za_pa=C5=BAdziernik?=

--_000_abc_
Content-Type: multipart/alternative; boundary="_001_abc_"

--_001_abc_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PGI+TmllIHVkYcWCbyBzacSZPC9iPg==

--_001_abc_--

--_000_abc_
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01.example
Received-From-MTA: dns;AM0PR02.example
Arrival-Date: Sun, 22 Nov 2026 11:00:00 +0000

Original-Recipient: rfc822;{recipient}
Final-Recipient: rfc822;other-name@example.org
Action: {action}
Status: 5.7.133
Diagnostic-Code: smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup
X-Display-Name: Ktoś

--_000_abc_
Content-Type: message/rfc822

From: OPWiK eBOK <bok@opwik.example>
To: {recipient}
Message-ID: <{key}@opwik.example>
Content-Type: text/plain

tekst

--_000_abc_--
"""
OF_THE_ENVELOPE = """\
From: postmaster@example.com
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: message/delivery-status

Original-Envelope-Id: {key}
Reporting-MTA: dns; example.com

Final-Recipient: RFC822; <{recipient}>
Action: {action} (for good)
Status: 2.0.0

--x--
"""
ALL = {"postfix": POSTFIX, "exim": EXIM, "exchange": EXCHANGE, "of_the_envelope": OF_THE_ENVELOPE}


def notice(template: str, *, key: UUID, recipient: str, action: str = "failed") -> bytes:
    """The notice as it lies in a mailbox."""
    return template.format(key=key, recipient=recipient, action=action).replace("\n", "\r\n").encode()
