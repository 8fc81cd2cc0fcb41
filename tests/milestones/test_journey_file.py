"""Journeys leave and come in as one JSON file."""

import copy
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from customers.models import Metric
from milestones import designing, journey_files, starters
from milestones.designing import Import
from milestones.documents import DocumentRefused
from milestones.models import Journey, Milestone
from milestones.outline_rows import outline_of
from organisations import tenancy
from tests import factories

SHIPPED = json.loads((starters.FOLDER / "saas.json").read_text())

GOAL = {"metric": "goal-reached"}
SCALE = {"answers": 5, "scale_low": 0, "scale_high": 10}
EVERY_KIND = [
    {"kind": "change", **GOAL, "way": "falls_by_percent", "threshold": 12.5},
    {"kind": "sustained", **GOAL, "operator": "at_least", "threshold": 50, "days": 30, "holds_days": 7},
    {"kind": "window", **GOAL, "way": "count", "threshold": 3, "days": 14},
    {"kind": "survey", **GOAL, "operator": "more_than", "threshold": 8, **SCALE},
    {"kind": "support", "urgency": "high", "days": 30},
    {"kind": "support", "days": 60},
    {"kind": "claim", "way": "link"},
    {"kind": "claim"},
    {"kind": "confirmation"},
]


@pytest.fixture
def data():
    return copy.deepcopy(SHIPPED)


@pytest.fixture
def bring_in(in_harbour, theo, now):
    def bring_in(data, **options):
        return designing.import_file(organisation=in_harbour, data=data, by=theo, now=now, **options)

    return bring_in


def faults(error) -> list[str]:
    return [fault.path for fault in error.value.faults]


class TestRoundTrip:
    def test_it_gives_back_what_it_took_in(self, bring_in, data):
        journey = bring_in(data, at_once=True).journey
        assert designing.export(journey) == data

    def test_it_gives_back_a_draft(self, bring_in, data):
        data["milestones"][2]["target_days"] = None
        del data["milestones"][0]["criteria"][0]["threshold"]
        journey = bring_in(data).journey
        data["milestones"][0]["criteria"][0]["threshold"] = None
        assert designing.export(journey) == data

    def test_it_survives_json_and_another_organisation(self, bring_in, data, rival, now):
        text = json.dumps(designing.export(bring_in(data, at_once=True).journey))
        with tenancy.within(rival):
            journey = designing.import_journey(
                organisation=rival, data=journey_files.parse(text.encode()), by=None, now=now, publish=True
            )
            assert designing.export(journey) == data

    @pytest.mark.parametrize("number", [0, 40, 0.1, -3.5, 1e21, 123456789.125, 2**53])
    def test_it_keeps_every_digit_of_a_threshold(self, bring_in, data, number):
        data["milestones"][0]["criteria"][0]["threshold"] = number
        assert designing.export(bring_in(data, at_once=True).journey) == data

    def test_it_carries_every_kind_of_criterion_and_join(self, bring_in, data):
        reached = {"kind": "metric", "metric": "goal-reached", "operator": "at_most", "threshold": 2.5}
        data["milestones"][0] |= {"join": "at_least", "needed": 2, "criteria": EVERY_KIND[:4]}
        data["milestones"][1]["criteria"] = [*EVERY_KIND[4:], reached]
        data["metrics"] = [
            one for one in data["metrics"] if one["key"] not in ("reports-matched", "weekly-decisions")
        ]
        data["metrics"].sort(key=lambda one: one["key"] != "goal-reached")
        journey = bring_in(data, at_once=True).journey
        assert designing.export(journey) == data
        assert bring_in(data, at_once=True).came_to == Import.UNCHANGED

    def test_it_exports_the_version_in_force_unless_the_draft_is_asked_for(self, bring_in, data, theo, now):
        journey = bring_in(data, at_once=True).journey
        designing.save_draft(journey=journey, change=lambda one: one.without(1), by=theo, now=now)
        assert designing.export(journey) == data
        assert len(designing.export(journey, draft=True)["milestones"]) == 5


class TestImporting:
    def test_it_becomes_a_draft_unless_publishing_is_asked_for(self, bring_in, data):
        imported = bring_in(data)
        assert (imported.came_to, imported.is_new) == (Import.DRAFT, True)
        assert imported.version.is_draft
        assert not Metric.objects.exists()

    def test_it_changes_nothing_the_second_time(self, bring_in, data):
        first = bring_in(data, at_once=True)
        again = bring_in(data, at_once=True)
        assert again.came_to == Import.UNCHANGED
        assert again.version == first.version
        assert first.journey.versions.count() == 1
        assert Metric.objects.count() == 5

    def test_it_changes_nothing_the_second_time_as_a_draft(self, bring_in, data):
        bring_in(data)
        kept = Journey.objects.get().draft().outline
        assert bring_in(data).came_to == Import.UNCHANGED
        assert Journey.objects.get().draft().outline == kept

    def test_it_publishes_the_draft_it_brought_in_before(self, bring_in, data):
        bring_in(data)
        assert bring_in(data, at_once=True).came_to == Import.PUBLISHED

    def test_it_becomes_the_next_version_of_a_published_journey(self, bring_in, data):
        bring_in(data, at_once=True)
        data["milestones"][0]["name"] = "Trusted figures"
        imported = bring_in(data, at_once=True)
        assert (imported.version.number, imported.is_new) == (2, False)
        assert imported.version.milestones.get(position=1).key == "first-result-trusted"

    def test_it_leaves_other_work_in_a_draft_alone(self, bring_in, data, theo, now):
        journey = bring_in(data, at_once=True).journey
        designing.save_draft(
            journey=journey, change=lambda one: replace(one, purpose="Mine"), by=theo, now=now
        )
        data["milestones"][0]["name"] = "Trusted figures"
        with pytest.raises(designing.DraftInTheWay) as refused:
            bring_in(data)
        assert refused.value.number == 2
        assert outline_of(journey.draft()).purpose == "Mine"
        assert bring_in(data, replace_draft=True).came_to == Import.DRAFT
        assert outline_of(journey.draft()).milestones[0].name == "Trusted figures"

    def test_it_keeps_as_a_draft_what_cannot_be_published(self, bring_in, data):
        del data["milestones"][4:]
        with pytest.raises(designing.NotReady) as refused:
            bring_in(data, at_once=True)
        assert [problem.field for problem in refused.value.problems] == ["milestones"]
        assert len(outline_of(Journey.objects.get().draft()).milestones) == 4

    def test_it_keeps_the_metrics_as_they_are_known_here(self, bring_in, data, in_harbour):
        factories.make_metric(in_harbour, "goal-reached", name="Goal", unit="points")
        imported = bring_in(data, at_once=True)
        assert Metric.objects.get(key="goal-reached").unit == "points"
        assert "goal-reached" in imported.notes[0]
        assert imported.notes[1:] == ("13 messages came in.",)
        assert bring_in(data, at_once=True).came_to == Import.UNCHANGED

    def test_it_takes_metrics_that_are_known_here_without_the_file_naming_them(
        self, bring_in, data, in_harbour
    ):
        factories.make_metric(in_harbour, "goal-reached", name="Goal", unit="points")
        data["metrics"] = [one for one in data["metrics"] if one["key"] != "goal-reached"]
        assert bring_in(data, at_once=True).came_to == Import.PUBLISHED

    def test_it_leaves_out_metrics_nobody_uses_and_says_so(self, bring_in, data):
        data["metrics"].append({"key": "idle", "name": "Idle"})
        imported = bring_in(data, at_once=True)
        assert not Metric.objects.filter(key="idle").exists()
        assert "idle" in imported.notes[0]

    def test_it_needs_little(self, bring_in):
        imported = bring_in(
            {"format": "bosai-journey", "version": 1, "journey": {"name": "Only a name"}, "milestones": None}
        )
        assert imported.journey.slug == "only-a-name"


class TestRefusing:
    @pytest.mark.parametrize(
        ("path", "value", "fault"),
        [
            (["format"], "other", "format"),
            (["version"], 2, "version"),
            (["version"], True, "version"),
            (["journey"], "x", "journey"),
            (["journey", "name"], "", "journey.name"),
            (["journey", "name"], "x" * 121, "journey.name"),
            (["journey", "name"], "nul\x00", "journey.name"),
            (["journey", "name"], "half \ud800", "journey.name"),
            (["journey", "slug"], "../x", "journey.slug"),
            (["journey", "slug"], "new", "journey.slug"),
            (["journeys"], {}, "journeys"),
            (["metrics"], {}, "metrics"),
            (["metrics", 0], 7, "metrics[0]"),
            (["metrics", 1, "key"], "reports-matched", "metrics[1].key"),
            (["metrics", 0, "lower_is_better"], "no", "metrics[0].lower_is_better"),
            (["milestones"], "all", "milestones"),
            (["milestones", 3, "metrc"], "x", "milestones[3].metrc"),
            (["milestones", 3, "key"], "first-result-trusted", "milestones[3].key"),
            (["milestones", 3, "stage"], "heaven", "milestones[3].stage"),
            (["milestones", 3, "target_days"], "21", "milestones[3].target_days"),
            (["milestones", 3, "target_days"], -1, "milestones[3].target_days"),
            (["milestones", 3, "target_days"], 10**400, "milestones[3].target_days"),
            (["milestones", 3, "target_days"], 1.5, "milestones[3].target_days"),
            (["milestones", 3, "celebrate"], "auto", "milestones[3].celebrate"),
            (["milestones", 3, "celebrate", "mode"], "loud", "milestones[3].celebrate.mode"),
            (["milestones", 3, "celebrate", "hold_hours"], 1000, "milestones[3].celebrate.hold_hours"),
            (["milestones", 3, "join"], "some", "milestones[3].join"),
            (["milestones", 3, "needed"], "2", "milestones[3].needed"),
            (["milestones", 3, "criteria"], {}, "milestones[3].criteria"),
            (["milestones", 3, "criteria", 1], EVERY_KIND[0] | {"days": 3}, "milestones[3].criteria[1].days"),
            (
                ["milestones", 3, "criteria", 1],
                EVERY_KIND[0] | {"way": "count"},
                "milestones[3].criteria[1].way",
            ),
            (
                ["milestones", 3, "criteria", 1],
                EVERY_KIND[1] | {"days": 0.5},
                "milestones[3].criteria[1].days",
            ),
            (
                ["milestones", 3, "criteria", 1],
                EVERY_KIND[3] | {"answers": "5"},
                "milestones[3].criteria[1].answers",
            ),
            (
                ["milestones", 3, "criteria", 1],
                EVERY_KIND[4] | {"urgency": 1},
                "milestones[3].criteria[1].urgency",
            ),
            (["milestones", 3, "criteria", 1], {"kind": []}, "milestones[3].criteria[1].kind"),
            (["milestones", 3, "criteria", 1], None, "milestones[3].criteria[1]"),
            (["milestones", 3, "criteria", 1, "kind"], "magic", "milestones[3].criteria[1].kind"),
            (["milestones", 3, "criteria", 1, "threshold"], 4, "milestones[3].criteria[1].threshold"),
            (["milestones", 3, "criteria", 0, "metric"], "gone", "milestones[3].criteria[0].metric"),
            (["milestones", 3, "criteria", 0, "operator"], ">=", "milestones[3].criteria[0].operator"),
            (["milestones", 3, "criteria", 0, "threshold"], "40", "milestones[3].criteria[0].threshold"),
            (["milestones", 3, "criteria", 0, "threshold"], True, "milestones[3].criteria[0].threshold"),
            (["milestones", 3, "criteria", 0, "threshold"], 10**400, "milestones[3].criteria[0].threshold"),
        ],
    )
    def test_it_says_where_the_fault_is_and_stores_nothing(self, bring_in, data, path, value, fault):
        place = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        with pytest.raises(DocumentRefused) as refused:
            bring_in(data, at_once=True)
        assert fault in faults(refused)
        assert not Journey.objects.exists()
        assert not Metric.objects.exists()

    def test_it_says_all_faults_at_once_and_what_was_meant(self, bring_in, data):
        data["milestones"][0]["naem"] = data["milestones"][0].pop("name")
        data["milestones"][5]["join"] = "some"
        with pytest.raises(DocumentRefused) as refused:
            bring_in(data)
        assert faults(refused) == ["milestones[0].naem", "milestones[5].join"]
        assert "did you mean “name”" in str(refused.value)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (b"", "line 1, column 1"),
            (b'{"format": "bosai-journey",}', "line 1"),
            (b"[]", "one JSON object"),
            (b"\xff\xfe", "UTF-8"),
            (b'{"a": NaN}', "NaN"),
            (b'{"a": 1, "a": 2}', "twice"),
            (b"[" * 200_000, "nested"),
            (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
            (b" " * 1_000_001, "1 MB"),
        ],
    )
    def test_it_refuses_what_is_no_json_object(self, text, says):
        with pytest.raises(DocumentRefused, match=says):
            journey_files.parse(text)

    def test_it_refuses_a_flood_without_drowning(self, bring_in, data):
        data["milestones"] = [{f"x{n}": n for n in range(2000)}] * 500
        with pytest.raises(DocumentRefused) as refused:
            bring_in(data)
        assert len(refused.value.faults) <= 50


class TestCommand:
    @pytest.fixture
    def file(self, tmp_path) -> Path:
        path = tmp_path / "journey.json"
        path.write_text(json.dumps(SHIPPED))
        return path

    def run(self, *args) -> str:
        out = io.StringIO()
        call_command("journey", *map(str, args), stdout=out)
        return out.getvalue()

    def test_it_brings_a_file_in_and_writes_the_same_out(self, harbour, file, tmp_path):
        said = self.run("import", "--organisation", "harbour", file, "--publish")
        assert "version 1" in said
        slug = SHIPPED["journey"]["slug"]
        assert json.loads(self.run("export", "--organisation", "harbour", "--journey", slug)) == SHIPPED
        target = tmp_path / "out.json"
        self.run("export", "--organisation", "harbour", "--journey", slug, target)
        assert json.loads(target.read_text()) == SHIPPED
        assert "unchanged" in self.run("import", "--organisation", "harbour", target, "--publish")

    def test_it_lists_what_is_wrong_with_a_file(self, harbour, file):
        broken = SHIPPED | {"milestones": [{"stage": "heaven"}]}
        file.write_text(json.dumps(broken))
        with pytest.raises(CommandError, match=r"(?s)milestones\[0\].stage.*Nothing was stored"):
            self.run("import", "--organisation", "harbour", file)

    def test_it_lists_what_keeps_it_from_being_published(self, harbour, file):
        file.write_text(json.dumps(SHIPPED | {"milestones": SHIPPED["milestones"][:3]}))
        with pytest.raises(CommandError, match=r"(?s)kept as draft 1.*5 to 7"):
            self.run("import", "--organisation", "harbour", file, "--publish")
        with tenancy.within(harbour):
            assert not Milestone.objects.exists()
            assert len(outline_of(Journey.objects.get().draft()).milestones) == 3

    def test_it_says_when_another_draft_is_in_the_way(self, harbour, file, theo, now):
        self.run("import", "--organisation", "harbour", file)
        file.write_text(json.dumps(SHIPPED | {"milestones": SHIPPED["milestones"][:5]}))
        with pytest.raises(CommandError, match="--replace-draft"):
            self.run("import", "--organisation", "harbour", file)
        assert "draft 1" in self.run("import", "--organisation", "harbour", file, "--replace-draft")

    @pytest.mark.parametrize(
        ("args", "says"),
        [
            (("import", "--organisation", "nobody", "x.json"), "nobody"),
            (("import", "--organisation", "harbour", "/nowhere/x.json"), "/nowhere/x.json"),
            (("export", "--organisation", "harbour", "--journey", "none"), "none"),
        ],
    )
    def test_it_says_what_it_cannot_find(self, harbour, args, says):
        with pytest.raises(CommandError, match=says):
            self.run(*args)
