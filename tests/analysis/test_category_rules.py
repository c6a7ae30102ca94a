"""config/categories.yaml: what rules match, which of them wins, and every fault with its line."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.project import ROOT
from timeweave.analysis import category_rules
from timeweave.analysis.category import NO_ITEM, UNCATEGORIZED, Category, Item, LoggedWork
from timeweave.runtime.errors import ConfigurationError

EPIC = Item("Product", "Epic", {"Theme": "Growth"})
FEATURE = Item("Product", "Feature", {"Priority": "Urgent", "Tier": 1}, (EPIC,))
TASK = Item(
    "Scrum",
    "Task",
    {"Priority": "Low", "Points": 5.0, "Late": True, "Segments": ["New", "Old"], "Plan": None},
    (FEATURE, EPIC),
)
BUG = Item("scrum", "bug")


@pytest.fixture
def load(tmp_path):
    def write(text):
        path = tmp_path / "categories.yaml"
        path.write_text(text, encoding="utf-8")
        return category_rules.load(path)

    return write


@pytest.fixture
def match(load):
    """Whether the work belongs to a category of these conditions."""

    def tried(conditions, work):
        found = load(f"categories:\n  - {{key: x, {conditions}}}\n").categorize(work)
        assert found.key in ("x", "uncategorized")
        return found.key == "x"

    return tried


@pytest.mark.parametrize("text", ["", "categories:\n", "categories: []\n"])
def test_without_categories_the_databases_are_the_categories(load, text):
    found = load(text)
    assert found.listed == []
    assert found.categorize(LoggedWork(TASK)) == Category("database:Scrum/Task", "Scrum/Task")
    assert found.categorize(LoggedWork(Item(None, "Bug"))) == Category("database:Bug", "Bug")
    assert found.categorize(LoggedWork(Item(None, None))) == UNCATEGORIZED
    assert found.categorize(LoggedWork(None, project="P")) == NO_ITEM


@pytest.mark.parametrize(
    ("conditions", "matching", "near"),
    [
        ("database: Scrum/Task", LoggedWork(TASK), LoggedWork(BUG)),
        ("database: SCRUM/ bug", LoggedWork(BUG), LoggedWork(TASK)),
        ("database: Bug", LoggedWork(BUG), LoggedWork(None)),
        ("database: Scrum/Bug", LoggedWork(BUG), LoggedWork(Item(None, "Bug"))),
        ("database: Scrum/Bug", LoggedWork(BUG), LoggedWork(Item("Design", "Bug"))),
        ("ancestor: Product/Feature", LoggedWork(TASK), LoggedWork(FEATURE)),
        ("ancestor: epic", LoggedWork(FEATURE), LoggedWork(EPIC)),
        ("field: {priority: low}", LoggedWork(TASK), LoggedWork(FEATURE)),
        ("field: {Priority: Urgent}", LoggedWork(TASK), LoggedWork(EPIC)),
        ("field: {Theme: growth}", LoggedWork(TASK), LoggedWork(BUG)),
        ("field: {Points: 5}", LoggedWork(TASK), LoggedWork(FEATURE)),
        ("field: {Tier: 1.0}", LoggedWork(FEATURE), LoggedWork(EPIC)),
        ("field: {Late: yes}", LoggedWork(TASK), LoggedWork(FEATURE)),
        ("field: {Segments: old}", LoggedWork(TASK), LoggedWork(FEATURE)),
        ("field: {Points: 5, Theme: Growth}", LoggedWork(TASK), LoggedWork(FEATURE)),
        ("project: time  off", LoggedWork(None, project="Time off"), LoggedWork(None, project="Time")),
        ("client: Copperleaf", LoggedWork(None, client="COPPERLEAF"), LoggedWork(None, project="Copperleaf")),
        ("tag: on-call", LoggedWork(None, tags=("a", "On-Call")), LoggedWork(None, tags=("on", "call"))),
        ("item: none", LoggedWork(None), LoggedWork(BUG)),
        (r"text: '\bretro\b'", LoggedWork(None, text="Sprint RETRO 12"), LoggedWork(None, text="retrofit")),
        ("text: überstunden", LoggedWork(None, text="ÜBERSTUNDEN"), LoggedWork(None, text="Stunden")),
        ("text: u\u0308ber", LoggedWork(None, text="über"), LoggedWork(None, text="uber")),
        ("item: none, project: A", LoggedWork(None, project="A"), LoggedWork(BUG, project="A")),
        ("any: [{project: A}, {tag: b}]", LoggedWork(None, tags=("b",)), LoggedWork(None, tags=("a",))),
        ("item: none, any: [{project: A}, {tag: b}]", LoggedWork(None, project="A"), LoggedWork(BUG, project="A")),
        ("any: [{database: Bug, tag: b}]", LoggedWork(BUG, tags=("b",)), LoggedWork(BUG)),
    ],
)  # fmt: skip
def test_a_condition_matches_and_not_its_near_neighbour(match, conditions, matching, near):
    assert match(conditions, matching)
    assert not match(conditions, near)


def test_the_first_rule_that_matches_wins_and_the_rest_is_uncategorized(load):
    found = load(
        "categories:\n"
        "  - {key: urgent, name: Urgent bugs, database: Bug, tag: urgent}\n"
        "  - {key: bugs, target: [0.1, 0.25], database: Bug}\n"
        "  - {key: away, absence: true, item_needed: false, project: Time off}\n"
    )
    works = [
        LoggedWork(BUG, tags=("urgent",)),
        LoggedWork(BUG, project="Time off"),
        LoggedWork(None, project="Time off"),
        LoggedWork(TASK),
    ]
    assert [found.categorize(work) for work in works] == found.listed == [
        Category("urgent", "Urgent bugs"),
        Category("bugs", "bugs", target=(0.1, 0.25)),
        Category("away", "away", absence=True, item_needed=False),
        UNCATEGORIZED,
    ]  # fmt: skip


RULES = [("a", {"project": "P"}), ("b", {"tag": "t"}), ("c", {"database": "Bug"}), ("d", {"item": "none"})]
WORKS = [
    LoggedWork(item, project, tags=tags)
    for item, project, tags in product((None, BUG, TASK), (None, "P"), ((), ("t",)))
]


@given(st.permutations(RULES), st.integers(0, len(RULES)), st.sampled_from(WORKS))
def test_a_rule_before_others_takes_what_it_matches_and_leaves_the_rest_to_them(rules, kept, work):
    def categorize(some):
        parsed = [category_rules.Rule(key=key, **conditions) for key, conditions in some]
        return category_rules.Categories(parsed).categorize(work).key if parsed else "uncategorized"

    first = categorize(rules[:kept])
    assert categorize(rules) == (categorize(rules[kept:]) if first == "uncategorized" else first)


def test_a_pattern_that_takes_others_ages_takes_none(match):
    assert not match("text: '(a|aa)+$'", LoggedWork(None, text="a" * 50_000 + "!"))


def test_fields_that_nothing_fetches_are_listed(load):
    found = load(
        "categories: [{key: a, any: [{field: {Severity: x}}, {field: {priority: y}}]}, {key: b, field: {Severity: z}}]"
    )
    assert found.find_unread(["Priority", "Size"]) == ["Severity"]


def test_the_shipped_file_is_sound():
    found = category_rules.load(ROOT / "config/demo/categories.yaml")
    assert found.categorize(LoggedWork(None, project="Meetings")).item_needed is False


def rule(text):
    """A file with one rule, its key on line 2."""
    return f"categories:\n  - key: a\n{text}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categoris: []\n", "line 1: categoris is not known; did you mean categories?"),
        ("categories: {a: 1}\n", "line 1: categories should be a list"),
        ("categories: [a]\n", "categories should be a mapping with database, field, ancestor, project, client, tag, text, item, key"),
        ("categories:\n  - tag: a\n", "line 2: key is missing"),
        (rule("    databse: Bug\n"), "line 3: databse is not known; did you mean database"),
        (rule("    any:\n      - tag: a\n      - databse: Bug\n"), "line 5: any.databse is not known; did you mean database?"),
        (rule("    any:\n      - any: []\n"), "line 4: any.any is not known"),
        (rule("    any:\n      - tag: a\n        field:\n          Size: [1, 2]\n"), "line 6: any.field.Size: give one value; others are alternatives"),
        (rule("    field: {Size: null}\n"), "line 3: field.Size: give one value"),
        (rule("    name: A\n"), "line 2: categories: nothing is asked for; give at least one of database, field, ancestor, project, client, tag, text, item, any"),
        (rule("    any: [{}]\n"), "line 3: any: nothing is asked for; give at least one of database, field, ancestor, project, client, tag, text, item\n"),
        (rule("    any: []\n"), "line 3: any: there is no alternative; list at least one"),
        (rule("    tag: 12\n"), "line 3: tag should be a valid string, not 12; write it in quotes"),
        (rule("    item: no\n"), "line 3: item should be 'none', not False"),
        (rule("    text: '(a'\n"), "line 3: text: '(a' is not a pattern of RE2: missing ): (a"),
        (rule("    text: '(?=a)b'\n"), "line 3: text: '(?=a)b' is not a pattern of RE2: invalid perl operator: (?="),
        (rule("    tag: a\n    absence: 1\n"), "line 4: absence should be a valid boolean, not 1"),
        (rule("    tag: a\n    target: 0.5\n"), "line 4: target: write the lowest and the highest share, as [0.5, 0.7]"),
        (rule("    tag: a\n    target: [50, 70]\n"), "line 4: target: [50, 70] is not a lowest and a highest share between 0 and 1"),
        (rule("    tag: a\n    target: [0.7, 0.5]\n"), "line 4: target: [0.7, 0.5] is not a lowest and a highest share"),
        (rule("    tag: a\n    target: [.nan, 0.5]\n"), "line 4: target: [nan, 0.5] is not a lowest and a highest share"),
        ("categories:\n  - {key: a.b, tag: a}\n", "line 2: key: 'a.b' is not a key; write letters, digits"),
        ("categories:\n  - {key: uncategorized, tag: a}\n", "line 2: key: uncategorized is what no rule matches; choose another key"),
        (rule("    tag: a\n  - {key: A, tag: b}\n"), "line 4: the key A is given twice; alternatives of one category go below `any`"),
        ("categories: [\n", "is not valid YAML"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence_with_its_line(load, text, said):
    with pytest.raises(ConfigurationError) as error:
        load(text)
    assert said in f"{error.value}\n"


def test_a_missing_file_says_that_an_empty_one_will_do(tmp_path):
    with pytest.raises(ConfigurationError, match="does not exist; create it"):
        category_rules.load(tmp_path / "none.yaml")
