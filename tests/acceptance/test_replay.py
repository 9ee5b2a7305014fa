"""Trying a threshold and switching over, as deploy/RUNBOOK.md types it."""

import json
from pathlib import Path

from redis import Redis

from contracts.streams import Streams
from tests import harness, servers, shadows
from tests.acceptance.commands import onestory
from workers.settings import Settings
