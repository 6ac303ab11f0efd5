"""Builds the package: first the scripts of the explorer's pages, then what setuptools builds.

It is the build backend that pyproject.toml names (PEP 517 and 660).
"""

import shutil
from collections.abc import Mapping
from typing import Any

import islands
import npm
from setuptools import build_meta

Settings = Mapping[str, Any] | None

LEFT_OVER = islands.ROOT / "build" / "lib"
"""What setuptools copied before: what is no longer built would stay in it, and be shipped."""

prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = build_meta.prepare_metadata_for_build_editable


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """What a wheel needs: Node too, if scripts must be built and the machine has none."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_tools()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """What an editable install needs, as a wheel."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_tools()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """What a source distribution needs, as a wheel: it carries the built scripts."""
    return [*build_meta.get_requires_for_build_sdist(config_settings), *_tools()]


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build a wheel with the scripts in it."""
    islands.build()
    shutil.rmtree(LEFT_OVER, ignore_errors=True)
    return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build a link to this folder, in which the scripts then lie."""
    islands.build()
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Build a source distribution that needs no Node to be installed."""
    islands.build()
    return str(build_meta.build_sdist(sdist_directory, config_settings))


def _tools() -> list[str]:
    return [] if islands.fresh() or npm.of_machine() else [npm.PACKAGE]
