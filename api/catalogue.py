"""Agencies and categories: who acts on what."""

from fastapi import APIRouter, Request

from api import language as languages
from api.house import Here
from api.language import Language
from api.problems import answers
from api.security import Caller, allow
from api.shapes.catalogue import AgenciesAnswer, AgencyAnswer, CategoriesAnswer, CategoryAnswer
from api.shapes.common import Named
from cases.access import Right
from storage import agencies, teams
from storage.tables import Agency, Category

router = APIRouter(prefix="/api/v1", tags=["catalogue"], dependencies=[allow(Right.PUBLIC)])


@router.get("/agencies", responses=answers(401, 503))
def list_agencies(request: Request, house: Here) -> AgenciesAnswer:
    """The agencies that act, by code."""
    language = languages.of(request)
    with house.parts.database.read() as db:
        found = agencies.agencies(db)
    return AgenciesAnswer(
        agencies=[
            AgencyAnswer(code=one.code, name=name(one, language), name_id=one.name_id, name_en=one.name_en)
            for one in found
        ]
    )


@router.get("/categories", responses=answers(401, 503))
def list_categories(request: Request, house: Here, caller: Caller) -> CategoriesAnswer:
    """The categories, in their order. Of a confidential one, only its named team sees what is reported (`seen`)."""
    language = languages.of(request)
    with house.parts.database.read() as db:
        found = teams.categories(db)
    return CategoriesAnswer(
        categories=[
            CategoryAnswer(
                code=category.code,
                name=name(category, language),
                name_id=category.name_id,
                name_en=category.name_en,
                agency=Named(code=agency.code, name=name(agency, language)),
                deadline_hours=category.deadline_hours,
                radius_m=category.radius_m,
                related=category.related,
                confidential=category.confidential,
                seen=not category.confidential or category.code in caller.teams,
                icon=category.icon,
                position=category.position,
            )
            for category, agency in found
        ]
    )


def name(named: Agency | Category, language: Language) -> str:
    """The name in this language."""
    return named.name_en if language == "en" else named.name_id
