"""Ways, reasons and states in Polish words, for customers and staff alike."""

from typing import Final

from ebok.einvoicing.domain.deliveries import DeliveryState
from ebok.einvoicing.domain.ways import Channel, WayReason

CHANNEL: Final = {Channel.KSEF: "KSeF", Channel.EMAIL: "e-mail", Channel.PAPER: "papier"}
REASON: Final = {
    WayReason.BUYER_WITH_NIP: "Nabywca ma NIP, więc faktura idzie przez KSeF.",
    WayReason.ACCEPTED: "W dniu wystawienia obowiązywała zgoda na e-faktury.",
    WayReason.NOT_ACCEPTED: "W dniu wystawienia nie było zgody na e-faktury.",
    WayReason.WITHDRAWN: "Przed wystawieniem zgoda na e-faktury została wycofana.",
    WayReason.ACCEPTED_LATER: "Zgoda na e-faktury obowiązuje dopiero od późniejszego dnia.",
    WayReason.ADDRESS_FAILS: "E-maile nie dochodziły na podany adres, dlatego faktura idzie pocztą.",
}
STATE: Final = {
    DeliveryState.BY_BILLING: "dostarczana jak dotychczas",
    DeliveryState.WAITS_FOR_KSEF: "czeka na numer KSeF",
    DeliveryState.IN_KSEF: "w KSeF",
    DeliveryState.WAITING: "czeka na wysyłkę",
    DeliveryState.QUEUED: "w kolejce do wysłania",
    DeliveryState.SENDING: "wysyłamy",
    DeliveryState.SENT: "wysłana",
    DeliveryState.DELIVERED: "doręczona",
    DeliveryState.TEMPORARY: "serwer chwilowo jej nie przyjął, próbujemy dalej",
    DeliveryState.PERMANENT: "nie doszła",
    DeliveryState.STUCK: "nie dała się przygotować do wysłania",
    DeliveryState.PAPER_WAITING: "czeka na wydruk",
    DeliveryState.PRINTING: "w partii do wydruku",
    DeliveryState.PRINTED: "wydrukowana",
    DeliveryState.BILLING_PRINTS: "wydrukuje ją system rozliczeń",
}
