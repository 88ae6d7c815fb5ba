"""The training thread does what it is asked, wherever it rests."""

from __future__ import annotations

from nncore.config import RunConfig
from nncore.events import StepsEnded
from nncore.trainer import Trainer
from nngui.workers.training import Pace, TrainingThread
from tests.made_data import make_dataset

CONFIG = RunConfig.from_dict(
    {"network": {"hidden": "4"}, "training": {"epochs": 5, "batch_size": "full"}}
)


class PausedBeforeMeasuring(Trainer):
    """Somebody presses Pause during the last step of the first epoch."""

    thread: TrainingThread

    def run(self):
        for event in super().run():
            if isinstance(event, StepsEnded) and event.step == 1:
                self.thread.set_pace(Pace.PAUSE)
            yield event


def test_a_step_is_taken_even_where_the_epoch_before_is_still_to_be_measured(qtbot):
    trainer = PausedBeforeMeasuring(CONFIG, make_dataset())
    thread = trainer.thread = TrainingThread(lambda: trainer)
    with qtbot.waitSignal(thread.rested):
        thread.start()
    with qtbot.waitSignal(thread.rested):
        thread.set_pace(Pace.STEP)
    told = thread.collect().events
    assert [event.step for event in told if isinstance(event, StepsEnded)] == [1, 2]
    thread.set_pace(Pace.STOP)
    assert thread.wait(5000)
