"""The tables: what is kept. They never parse input; doors hand them values already checked."""

from sqlmodel import SQLModel

from storage.tables.areas import AreaRow, Fact, Road
from storage.tables.complaints import Category, CategoryMember, Complaint, History, Link, Report
from storage.tables.jobs import Job
from storage.tables.people import Account, Agency, Audit, SignIn, Ticket, Token
from storage.tables.photos import Photo, PhotoBand

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Agency",
    "AreaRow",
    "Audit",
    "Category",
    "CategoryMember",
    "Complaint",
    "Fact",
    "History",
    "Job",
    "Link",
    "Photo",
    "PhotoBand",
    "Report",
    "Road",
    "SignIn",
    "Ticket",
    "Token",
    "metadata",
]
