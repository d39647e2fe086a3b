"""The tables: what is kept. They never parse input; doors hand them values already checked."""

from sqlmodel import SQLModel

from storage.tables.areas import AreaRow, Fact, Road
from storage.tables.cameras import (
    Camera,
    CameraBaseline,
    CameraHistory,
    CameraView,
    CameraVisit,
    Heartbeat,
    Outage,
    OwnerNetwork,
    Snapshot,
)
from storage.tables.changes import Change
from storage.tables.complaints import Category, CategoryMember, Complaint, History, Link, Report
from storage.tables.exports import Export
from storage.tables.jobs import Job
from storage.tables.people import Account, Agency, Audit, SignIn, Ticket, Token
from storage.tables.permits import Permit, PermitHistory
from storage.tables.photos import Photo, PhotoBand
from storage.tables.rollups import Rollup, RollupCell, RollupDelta, RollupGroup

metadata = SQLModel.metadata

__all__ = [
    "Account",
    "Agency",
    "AreaRow",
    "Audit",
    "Camera",
    "CameraBaseline",
    "CameraHistory",
    "CameraView",
    "CameraVisit",
    "Category",
    "CategoryMember",
    "Change",
    "Complaint",
    "Export",
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
    "Rollup",
    "RollupCell",
    "RollupDelta",
    "RollupGroup",
    "SignIn",
    "Snapshot",
    "Ticket",
    "Token",
    "metadata",
]
