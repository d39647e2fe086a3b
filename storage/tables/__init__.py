"""The tables: what is kept. They never parse input; doors hand them values already checked."""

from sqlmodel import SQLModel

from storage.tables.areas import AreaRow, Fact, Road
from storage.tables.cameras import (
    Camera,
    CameraBaseline,
    CameraHistory,
    CameraVisit,
    Heartbeat,
    Outage,
    OwnerNetwork,
    Snapshot,
)
from storage.tables.complaints import Category, CategoryMember, Complaint, History, Link, Report
from storage.tables.jobs import Job
from storage.tables.people import Account, Agency, Audit, SignIn, Ticket, Token
from storage.tables.permits import Permit, PermitHistory
from storage.tables.photos import Photo, PhotoBand

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Agency",
    "AreaRow",
    "Audit",
    "Camera",
    "CameraBaseline",
    "CameraHistory",
    "CameraVisit",
    "Category",
    "CategoryMember",
    "Complaint",
    "Fact",
    "Heartbeat",
    "History",
    "Job",
    "Link",
    "Outage",
    "OwnerNetwork",
    "Permit",
    "PermitHistory",
    "Photo",
    "PhotoBand",
    "Report",
    "Road",
    "SignIn",
    "Snapshot",
    "Ticket",
    "Token",
    "metadata",
]
