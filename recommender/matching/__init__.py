"""From a need to ranked, explained entities: passages, candidates, fusion, aggregation, eligibility, ranking."""
