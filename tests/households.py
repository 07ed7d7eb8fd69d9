"""A household that is signed in, for tests of what a customer sees of readings."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from ebok.access.models import Grant, User
from ebok.customers.models import CustomerAccount, ServicePoint
from ebok.metering.models import Meter, MeterInstallation

LONG_AGO = date(2024, 1, 1)


class Household:
    """A signed-in customer with one main meter that showed 100 m³ thirty days ago."""

    def __init__(self, name: str) -> None:
        now = timezone.now()
        self.today = timezone.localdate()
        stamps = {"registered_at": now, "changed_at": now}
        account = CustomerAccount.objects.create(
            number=f"K-{name}", kind="person", name=name, postal_code="05-400", city="Otwock", **stamps
        )
        self.account = account
        point = ServicePoint.objects.create(
            number=f"P-{name}", account=account, street=f"ul. {name}", house="1", **stamps
        )
        meter = Meter.objects.create(serial_number=f"WM-{name}", dials=5, **stamps)
        self.installation = MeterInstallation.objects.create(
            meter=meter,
            service_point=point,
            role="main",
            installed_on=self.today - timedelta(days=30),
            initial_value=Decimal(100),
            **stamps,
        )
        self.user = User.objects.create(username=name, email=f"{name}@example.com", created_at=now)
        Grant.objects.create(
            user=self.user,
            account=account,
            role="owner",
            starts_on=LONG_AGO,
            ground="test",
            given_by="test",
            given_at=now,
        )
        self.client = Client()
        self.client.force_login(self.user)
        self.url = f"/odczyty/{self.installation.id}/podaj/"

    def post(self, value: str, **changes: Any) -> Any:
        data = {"client_id": str(uuid4()), "value": value, "read_on": self.today.isoformat()} | changes
        return self.client.post(self.url, data)
