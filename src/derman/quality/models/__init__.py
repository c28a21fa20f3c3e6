"""Surveys and what follows from them; each part of the learning has a module of its own."""

from derman.quality.models.surveys import FollowUp, Survey, SurveyAnswer

__all__ = ["FollowUp", "Survey", "SurveyAnswer"]
