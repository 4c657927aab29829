"""Made-up names, words and identifiers, all drawn from a seeded generator.

No knowledge of people, platforms or formats.
"""

from random import Random

_FIRST = (
    "Anna Ben Carla David Elif Farid Greta Hugo Ines Jonas Kira Liam Mona Nils Olga Pavel Rosa Samir "
    "Tara Ugo Vera Wei "
    "Xenia Yusuf Zoe Aisha Bruno Chloe Dario Emma Felix Gita Hana Ivan Julia Karim Lena Marco Nadia Omar "
    "Priya Quentin Rahul "
    "Sofia Tomas Uma Viktor Wanda Yara Zoran"
)
_LAST = (
    "Berg Costa Duval Eriksen Fischer Garcia Haas Ivanov Jensen Kowalski Lopez Moreau Novak Olsen Petrov "
    "Quiroga "
    "Rossi Schmidt Tanaka Ueda Vogel Weber Xu Young Zhang Abadi Bauer Chen Dubois Engel Fontaine Gupta "
    "Hoffmann Iyer "
    "Jung Keller Lund Mehta Nguyen Okafor Patel Richter Santos Thakur Urban Varga Winter Yilmaz Zimmer Müller"
)
_LOREM = (
    "lorem ipsum dolor sit amet consetetur sadipscing elitr sed diam nonumy eirmod tempor invidunt ut "
    "labore et dolore "
    "magna aliquyam erat voluptua at vero eos accusam justo duo dolores ea rebum stet clita kasd gubergren"
)
FIRST, LAST, LOREM = _FIRST.split(), _LAST.split(), _LOREM.split()
EMOJI = ("+1", "heart", "tada", "eyes", "rocket", "clap", "white_check_mark")
TONED = ("+1", "clap")

_UPPER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sentence(rng: Random, least: int = 2, most: int = 7) -> str:
    """A few meaningless words."""
    return " ".join(rng.choices(LOREM, k=rng.randint(least, most)))


def upper_id(rng: Random, prefix: str, length: int = 9) -> str:
    """An identifier in the manner of Slack: a prefix, then capitals and digits."""
    return prefix + "".join(rng.choices(_UPPER, k=length))


def guid(rng: Random) -> str:
    """A random GUID, as directories and Slack clients write it."""
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"


def vary_case(rng: Random, address: str) -> str:
    """The same address as different systems write it."""
    local, domain = address.split("@")
    titled = ".".join(part.capitalize() for part in local.split("."))
    return rng.choice(
        (address, address, f"{titled}@{domain}", f"{titled}@{domain.capitalize()}", address.upper())
    )
