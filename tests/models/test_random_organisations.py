"""The release of any organisation passes the independent audit."""

from random import Random

import pytest

from models.release.withdrawal import STEPS, withdrawn
from tests.models.organisations import at_random, auditor, many

N_ORGANISATIONS = 120
N_BATCHES = 4


@pytest.mark.parametrize("batch", range(N_BATCHES))
def test_nothing_about_few_people_follows_from_the_release_of_a_random_organisation(batch: int):
    organisations = [at_random(Random(seed)) for seed in range(batch, N_ORGANISATIONS, N_BATCHES)]
    least = 5 if batch % 3 == 0 else 10
    told = many(organisations, min_group=least)
    by_rules = auditor(organisations, min_group=least)
    allowed, taken = withdrawn(told, lambda tables: by_rules(tables).objected)
    assert auditor(organisations, min_group=least)(allowed).findings == []
    # the rules do most of it: of few organisations more has to be withdrawn, and never everything
    assert len(taken) < len(organisations) // 2
    assert max(taken.values(), default=0) < len(STEPS)
