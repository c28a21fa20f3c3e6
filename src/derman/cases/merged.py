"""Where a merged case goes on. Reads only; `cases.actions.linking` merges and parts."""

from derman.cases.models import Case


def goes_on_in(case: Case) -> Case | None:
    """The case as whose part this one goes on, at the end of the chain; None where it is none's."""
    target = case.merged_into
    while target is not None and target.merged_into_id is not None:
        target = target.merged_into
    return target


def is_of_one_person(case: Case, target: Case) -> bool:
    """Whether both cases have one applicant: only then may one be named to who follows the other
    (row E11).
    """
    return case.applicant_id == target.applicant_id
