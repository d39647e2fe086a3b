"""Background work that failed too often, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.house import Here
from api.problems import answers
from api.security import Caller, allow
from api.shapes.installation import JobAnswer, JobsAnswer
from cases.access import Right
from cases.words import JobState
from storage import audit, jobs

router = APIRouter(prefix="/api/v1", tags=["jobs"], dependencies=[allow(Right.ADMINISTER)])


@router.get("/jobs", responses=answers(401, 403, 422, 503))
def list_jobs(
    house: Here, state: JobState = JobState.PARKED, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> JobsAnswer:
    """Jobs in one state, and how many there are in each. Parked ones say why they failed."""
    with house.parts.database.read() as db:
        return JobsAnswer(
            jobs=[JobAnswer.model_validate(job) for job in jobs.listed(db, state, limit)], counts=jobs.counts(db)
        )


@router.post("/jobs/{job_id}/retry", responses=answers(401, 403, 404, 409, 422, 503))
def retry_job(job_id: UUID, house: Here, caller: Caller) -> JobAnswer:
    """Puts a parked job back in line, with all its tries."""
    with house.parts.database.write() as db:
        job = jobs.retry(db, job_id, house.now)
        audit.record(db, caller, house.now, action="retried", subject="job", subject_id=job_id, kind=job.kind)
        return JobAnswer.model_validate(job)
