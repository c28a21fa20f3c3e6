"""Surveys and what follows from them; each part of the learning has a module of its own."""

from derman.quality.models.causes import (
    CauseCase,
    CauseStep,
    Improvement,
    ImprovementEvent,
    ImprovementLook,
    ImprovementRegion,
    ImprovementTopic,
    LeftOutDay,
    RootCause,
)
from derman.quality.models.surveys import FollowUp, Survey, SurveyAnswer

__all__ = [
    "CauseCase",
    "CauseStep",
    "FollowUp",
    "Improvement",
    "ImprovementEvent",
    "ImprovementLook",
    "ImprovementRegion",
    "ImprovementTopic",
    "LeftOutDay",
    "RootCause",
    "Survey",
    "SurveyAnswer",
]
