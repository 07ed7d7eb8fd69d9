"""Names of nobody in particular, and streets as most Polish towns have them."""

from typing import Final

WOMEN: Final = (
    "Anna", "Maria", "Katarzyna", "Małgorzata", "Agnieszka", "Barbara", "Ewa", "Krystyna", "Elżbieta", "Zofia",
    "Teresa", "Magdalena", "Joanna", "Jadwiga", "Danuta", "Halina", "Irena", "Beata", "Dorota", "Grażyna",
)  # fmt: skip
MEN: Final = (
    "Jan", "Andrzej", "Piotr", "Krzysztof", "Stanisław", "Tomasz", "Paweł", "Józef", "Marcin", "Marek",
    "Michał", "Grzegorz", "Jerzy", "Tadeusz", "Łukasz", "Zbigniew", "Ryszard", "Kazimierz", "Świętosław", "Żegota",
)  # fmt: skip
# Both genders end alike in these, so no pair can be wrong.
SURNAMES: Final = (
    "Wróbel", "Sikora", "Dąb", "Szczygieł", "Żuraw", "Gołąb", "Jarząb", "Słowik", "Krzemień", "Świerk",
    "Jaśmin", "Kłos", "Bóbr", "Łabędź", "Brzoza", "Źródło", "Pęk", "Wątor", "Kuźnia", "Dżbik",
    "Mucha", "Ćma", "Rzepa", "Olszyna", "Sówka", "Pszczoła", "Łoś", "Wydra", "Czapla", "Zięba",
)  # fmt: skip
STREETS: Final = (
    "ul. Sosnowa", "ul. Kwiatowa", "ul. Leśna", "ul. Łąkowa", "ul. Źródlana", "ul. Świerkowa", "ul. Brzozowa",
    "ul. Słoneczna", "ul. Poprzeczna", "ul. Żeromskiego", "ul. Mickiewicza", "ul. Reymonta", "ul. Długa",
    "ul. Krótka", "ul. Gołębia", "ul. Zaciszna", "ul. Majowa", "ul. Wiązowska", "ul. Ślusarska", "ul. Górna",
)  # fmt: skip
POSTAL_CODES: Final = ("05-400", "05-402", "05-403", "05-404")
FIRMS: Final = (
    "Piekarnia „Pod Sosną”", "Pralnia Bąbelek", "Zakład Fryzjerski Grzebień", "Warsztat Świątek", "Kwiaciarnia Żonkil",
    "Myjnia Kropla & Syn", "Przedszkole Ślimaczek", "Kawiarnia Źdźbło", "Pensjonat Świdermajer", "Drukarnia Ogonek",
)  # fmt: skip
ZONES: Final = ("Centrum", "Świder", "Śródborów", "Soplicowo", "Ługi")
WORDS: Final = (
    "wierzba", "kamyk", "lampart", "zegar", "pomidor", "malina", "rower", "kredka", "bursztyn", "latarnia",
    "piernik", "szafran", "jaskier", "skuter", "winda", "globus", "sanki", "pomost", "lustro", "fotel",
)  # fmt: skip
