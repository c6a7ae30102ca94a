"""The archive of an account, which the runs of all workers add to one after the other."""

from timeweave.runtime import params
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.period import Period
from timeweave.temporal.checkout import Checkout
from timeweave.temporal.flight import Flight
from timeweave.temporal.storage import Storage

FETCH = "fetch_time"


class Params(params.Section):
    """Which days are asked for."""

    period: Period


class SharedArchive:
    """For one stage that asks Toggl. What it is at is named in git; its files are at the DVC remote."""

    def __init__(self, checkout: Checkout, storage: Storage, account: str, adds: bool) -> None:
        """`adds`: the stage has the turn, and may leave a new archive."""
        self._checkout, self._storage = checkout, storage
        self._name = f"archives/{account}"
        self._flight = Flight(checkout.folder, storage, account) if adds else None

    def take(self) -> None:
        """Lay out the newest one, or that of the commit where there is none yet, and what an interrupted walk left."""
        newest = self._checkout.known(self._name)
        entry = self._checkout.lock_of(newest, FETCH) if newest else None
        if entry:
            self._checkout.adopt(FETCH, entry)
        if (self._checkout.folder / "dvc.lock").exists() and not self._storage.bring([FETCH]) and entry:
            raise ConfigurationError(
                f"the archive that {self._name} names is not at the DVC remote: dvc push it from the folder that has it, "
                "give all workers the same remote, or forget it (docs/operating.md)"
            )
        if self._flight:
            days = params.load(Params, self._checkout.folder / "params.yaml").period.utc_days
            self._flight.restore(days[0], days[-1])

    def watch(self) -> None:
        """Save the days that have come by now."""
        if self._flight:
            self._flight.save()

    def publish(self) -> None:
        """The stage is done and its files are pushed: from now on this is the newest archive."""
        if self._flight:
            self._checkout.publish(self._name)
            self._flight.clear()

    def forget(self) -> None:
        """What came does not add up, and must be asked for again."""
        if self._flight:
            self._flight.clear()
