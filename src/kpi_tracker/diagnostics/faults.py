"""The catalogue of faults: every code with its message. A code, once published, keeps its meaning."""

from typing import NamedTuple

from kpi_tracker.language import N_

__all__ = ["FAULTS", "Fault"]


class Fault(NamedTuple):
    """A kind of fault; `warning` where everything could be read all the same."""

    message: str
    warning: bool = False


FAULTS: dict[str, Fault] = {
    # 1xx: files and YAML
    "KT101": Fault(N_("the file cannot be read: {reason}")),
    "KT102": Fault(N_("the file is empty; a plan file starts with “format: kpi-tracker/v1”")),
    "KT103": Fault(N_("this is a binary file ({reason}), not UTF-8 text")),
    "KT104": Fault(N_("the file is not UTF-8: the byte {value} stands here; save it as UTF-8")),
    "KT105": Fault(N_("the file is too large: {value} bytes, at most {limit} are read")),
    "KT106": Fault(N_("this is not valid YAML: {problem}")),
    "KT107": Fault(N_("nested too deep: at most {limit} levels are read")),
    "KT108": Fault(N_("too many aliases: at most {limit} are followed, and what they repeat must stay small")),
    "KT109": Fault(
        N_(
            "the alias “*{value}” stands for nothing that is complete before it; put a text that starts with “*” in quotes"
        )
    ),
    "KT110": Fault(N_("the key “{value}” stands here a second time; the first is in line {first}")),
    "KT111": Fault(N_("a key must be a plain word, not a list or a mapping")),
    "KT112": Fault(N_("the tag “{value}” is refused: nothing in a plan is evaluated")),
    "KT113": Fault(N_("a second YAML document starts here; a plan file holds one")),
    "KT114": Fault(N_("no file matches “{value}”")),
    "KT115": Fault(N_("these files include each other in a circle: {members}")),
    "KT116": Fault(N_("“{value}” leads outside the plan's folder")),
    "KT117": Fault(N_("too many files: at most {limit} are read for one plan")),
    "KT118": Fault(N_("there is no plan.yaml in this folder")),
    "KT119": Fault(N_("“{value}” is included already; each file once")),
    "KT120": Fault(N_("the plan as of a revision cannot be read: {reason}")),
    "KT121": Fault(N_("there is no revision “{value}” in the git repository of this plan")),
    "KT122": Fault(N_("this was not there at the revision “{value}”")),
    "KT123": Fault(N_("this folder holds plans and is none itself; name each, as “{value}”, or all by a pattern")),
    "KT124": Fault(N_("the check of this plan broke off: {reason}")),
    # 2xx: the shape of what is written
    "KT201": Fault(N_("“{value}” is not a key of {of}; its keys are: {expected}")),
    "KT202": Fault(N_("{of} needs the key “{key}”: {expected}")),
    "KT203": Fault(N_("“{key}” must be {expected}, not {value}")),
    "KT204": Fault(N_("“{key}” must be one of {expected}, not “{value}”")),
    "KT205": Fault(N_("“{key}” must be a number{unit}, not “{value}”: {reason}")),
    "KT206": Fault(N_("“{key}” must be {expected}, not “{value}”")),
    "KT207": Fault(N_("“{key}” must be a date that exists, such as 2021-09-30, not “{value}”")),
    "KT209": Fault(N_("{of} needs exactly one of {expected}; it has {value}")),
    "KT210": Fault(
        N_("“{value}” cannot be an id: letters, digits, “-”, “_” and “.” only, no blanks, at most {limit} characters")
    ),
    "KT211": Fault(N_("the format “{value}” is not known; this version reads “{expected}”")),
    "KT212": Fault(N_("the bands of “{value}” cannot be used: {reason}")),
    # 3xx: what it means
    "KT301": Fault(N_("the id “{value}” is taken: {first}")),
    "KT302": Fault(N_("there is no goal “{value}” in this plan")),
    "KT303": Fault(N_("“{value}” is named in “supports” already; each goal counts it once")),
    "KT304": Fault(N_("these count toward each other in a circle: {members}")),
    "KT305": Fault(N_("“{value}” holds this item already; “supports” is for other branches")),
    "KT306": Fault(
        N_("the target {target} lies on the wrong side: direction is “{direction}” and the baseline {baseline}")
    ),
    "KT307": Fault(N_("the target equals the baseline ({value}); to hold it write “maintain: true”")),
    "KT308": Fault(N_("“direction” is needed here (increase or decrease): baseline and target do not show it")),
    "KT309": Fault(N_("there is no target, and the plan's target_policy has none for the measure “{measure}”")),
    "KT310": Fault(N_("“{key}” does not go with the measure “{measure}”")),
    "KT311": Fault(N_("“{key}” needs a baseline to start from")),
    "KT312": Fault(N_("a change in % needs a baseline above 0; it is {value}")),
    "KT313": Fault(N_("the plan declares {expected} × {kind} and has {value}")),
    "KT314": Fault(N_("“{value}” is not one of the plan's kinds: {expected}")),
    "KT315": Fault(N_("the plan has no KPI: nothing could be judged")),
    "KT316": Fault(N_("the measure “{measure}” needs the key “{key}”: {expected}")),
    "KT317": Fault(N_("these dates cannot be: {reason}")),
    "KT318": Fault(N_("“{value}” is not a time zone of the IANA list, such as Asia/Shanghai")),
    "KT319": Fault(N_("all weights are 0, so nothing would count")),
    "KT320": Fault(N_("“{value}” is not on the scale {expected}")),
    "KT321": Fault(N_("a sum starts at 0, so “at_least” would be broken at once; use the measure “total”")),
    "KT322": Fault(N_("there is no preset “{value}”; there are: {expected}")),
    "KT323": Fault(N_("the escalation ladder cannot be used: {reason}")),
    "KT324": Fault(N_("there is no goal or KPI “{value}” in this plan")),
    "KT325": Fault(N_("this amendment stands here a second time; the first is at {first}")),
    "KT326": Fault(
        N_("the amendment says {value} where {expected} stands: it does not lead to what the plan says"), True
    ),
    "KT327": Fault(N_("“{key}” does not go with an amendment of “{value}”")),
    "KT330": Fault(N_("the formula has “{value}” here, where {expected} is expected")),
    "KT331": Fault(N_("the formula has too many {what}: at most {limit} are read")),
    "KT332": Fault(N_("there is no function “{value}”; there are: {expected}")),
    "KT333": Fault(N_("the formula names “{value}”, which is no KPI of this plan")),
    "KT334": Fault(N_("the units do not fit: {left} and {right}, in “{value}”")),
    "KT335": Fault(N_("these KPIs are calculated from each other in a circle: {members}")),
    "KT336": Fault(N_("“{value}” cannot be calculated with: its measure is “{measure}”")),
    "KT337": Fault(
        N_("a formula gives the whole value at each date, which must not be added up; write “aggregate: newest”")
    ),
    "KT340": Fault(N_("the source names “{value}”, which is no KPI of this plan")),
    "KT341": Fault(N_("the select cannot be used: {reason}")),
    "KT342": Fault(N_("the select names “{value}”, which is no parameter; every select is offered {expected}")),
    "KT343": Fault(N_("the parameter “{value}” cannot be used: {reason}")),
    "KT344": Fault(N_("“{key}” does not go with “{value}”")),
    "KT345": Fault(
        N_(
            "“{key}” is for sources that the check itself reads (watch: true); what sync takes is recorded at that moment"
        )
    ),
    "KT346": Fault(N_("“{kpi}” is calculated by its formula and takes no figure from a source")),
    "KT347": Fault(N_("figures in “{value}” cannot be figures of {kpi}: {reason}")),
    "KT350": Fault(N_("there is no dimension “{value}” in this plan; there are: {expected}")),
    "KT351": Fault(N_("“{value}” is not a member of {of} here; the members are: {expected}")),
    "KT352": Fault(N_("“{value}” could mean either of two: {first} is called so too")),
    "KT353": Fault(N_("“{key}” does not go with “{value}” in a breakdown")),
    "KT354": Fault(N_("the parts cannot be weighed: {reason}")),
    "KT355": Fault(N_("“{value}” is a column of observations already ({expected}); give the dimension another id")),
    "KT356": Fault(N_("observations of one date, and nothing tells which of them counts: {rows}")),
    "KT357": Fault(N_("texts that are no grade of the KPI's scale, or name a step that it does not have: {rows}")),
    "KT358": Fault(N_("these count toward each other in a circle: {rows}")),
    "KT359": Fault(N_("the tree has no node “{value}”, under which others stand")),
    "KT360": Fault(N_("“{value}” is no frame: one of Polars, pandas, PyArrow, DuckDB or PySpark is expected")),
    "KT361": Fault(N_("the observations are held by {value}, the targets by {expected}; both must be of one engine")),
    "KT362": Fault(N_("the column “{value}” is missing; there are: {expected}")),
    "KT363": Fault(N_("the column “{key}” holds {value}, and {expected} is expected")),
    "KT364": Fault(N_("there is more than one row of targets for {rows}")),
    "KT365": Fault(N_("“{key}” is {value} for {rows}; it can be: {expected}")),
    "KT366": Fault(N_("“{key}” has no value that can be used for {rows}")),
    "KT367": Fault(N_("the target is the baseline, or lies on its wrong side, for {rows}")),
    "KT368": Fault(N_("“{key}” cannot be read: “{value}”; {expected} are expected")),
    "KT369": Fault(N_("there are no targets for the observations of {rows}")),
    # 37x: many groups that follow one plan
    "KT370": Fault(N_("the observations cannot be found: {reason}")),
    "KT371": Fault(N_("these data cannot be scored: {reason}")),
    "KT372": Fault(N_("the column “{value}” is missing; there are: {expected}")),
    "KT373": Fault(N_("the column “{value}” must hold {expected}, it holds {what}")),
    "KT374": Fault(
        N_(
            "groups in the data that the list of groups does not have, {total} in all: {members}; their rows are not used"
        )
    ),
    "KT375": Fault(
        N_("KPIs in the data that the plan does not have, {total} in all: {members}; their rows are not used")
    ),
    "KT376": Fault(N_("“{value}” stands here a second time; the first is in line {first}")),
    "KT377": Fault(N_("there is no group “{value}” in the list of groups, or without a list in the data")),
    "KT378": Fault(N_("“{value}” is not a column of this list; its columns are: {expected}")),
    "KT379": Fault(N_("rows without “{value}” are not used")),
    # 38x: trees that frames are rolled up over
    "KT380": Fault(N_("{format} needs what is not installed: pip install 'kpi-tracker[{extra}]'")),
    "KT381": Fault(N_("the tree cannot be used: {reason}")),
    "KT382": Fault(N_("goals that the tree does not have, {total} in all: {rows}")),
    "KT383": Fault(N_("“{value}” is a name that scoring has for a column of its own; call yours otherwise")),
    "KT384": Fault(N_("“{key}” cannot be used for {rows}: {reason}")),
    # 385: observations of many groups, as 37x
    "KT385": Fault(
        N_(
            "names of groups that begin or end with a space, {total} in all: {members}; each counts as a group of its own"
        ),
        warning=True,
    ),
    # 386: frames again
    "KT386": Fault(N_("observations and targets are relations of two connections of DuckDB; both must be of one")),
    "KT387": Fault(N_("the state of the night before cannot be gone on from: {reason}")),
    # 388: observations of many groups again
    "KT388": Fault(
        N_(
            "all figures lie outside the plan's period and its base years, {total} in all: {members}; they are not used"
        ),
        warning=True,
    ),
    # 4xx: observations
    "KT401": Fault(N_("the file is neither UTF-8 nor GB18030 text: the byte {value} stands here")),
    "KT402": Fault(N_("the column “{value}” is missing; the first row names the columns")),
    "KT403": Fault(N_("“{value}” is not a column of observations; they are: {expected}")),
    "KT404": Fault(N_("fields in this row: {value}, in the first row: {expected}")),
    "KT405": Fault(N_("there is no KPI “{value}” in this plan")),
    "KT406": Fault(N_("the value “{value}” of {kpi} cannot be read: {reason}")),
    "KT407": Fault(N_("“{value}” is not a date or a period, such as 2021-09-30, 2021-09 or 2021-Q3")),
    "KT408": Fault(
        N_("“{value}” is not a date or a time at which something was recorded, such as 2021-10-08 or 2021-10-08 09:30")
    ),
    "KT409": Fault(N_("“{value}” is not a basis: {expected}")),
    "KT410": Fault(N_("a row needs either a date or a period")),
    "KT411": Fault(
        N_(
            "two values for {kpi} on {date}, {first} and {value}, recorded at the same time: neither is used; see line {line}"
        )
    ),
    "KT412": Fault(
        N_("{date} lies outside the plan's period and its baseline year; the row is not used"), warning=True
    ),
    "KT413": Fault(N_("“{value}” is not a step of {kpi}; its steps are: {expected}")),
    "KT414": Fault(N_("the rows cannot be told apart from here on: {reason}")),
    "KT416": Fault(N_("this row stands here a second time; the first is in line {line}"), warning=True),
    "KT417": Fault(N_("the column “{value}” stands twice")),
    "KT418": Fault(N_("the file is empty; its first row names the columns, such as kpi,date,value or 指标,日期,数值")),
    "KT419": Fault(N_("the fields must be separated by commas, not by {value}")),
    "KT420": Fault(
        N_("{value} covers the days of another row of {kpi}, which would be counted twice; see line {line}")
    ),
    "KT421": Fault(
        N_("the byte {value} stands here, which is not {encoding} as the rest of the file is; the row is not used")
    ),
    "KT430": Fault(N_("{kpi} is calculated by its formula; a value of its own is not used")),
    "KT431": Fault(N_("{kpi} has no value on {date}: {reason}"), warning=True),
    "KT440": Fault(N_("there is no “{value}” here, which the source “{source}” reads; there are: {expected}")),
    "KT441": Fault(N_("this line is no JSON object: {reason}")),
    "KT442": Fault(N_("the Parquet file cannot be read: {reason}")),
    "KT443": Fault(N_("what stands under “{key}” cannot be used: {reason}")),
    "KT450": Fault(N_("“{value}” is not a member of {of}; they are: {expected}")),
    "KT451": Fault(N_("a row is of one member of one dimension; this one names {members}")),
    "KT452": Fault(
        N_("{kpi} is not taken apart by {of}; declare a “breakdown” in the plan, or leave the column empty")
    ),
    "KT453": Fault(
        N_(
            "{kpi} on {date}: the total is {total}, its parts by {of} make {parts}; they are {difference} apart, {allowed} is allowed"
        ),
        warning=True,
    ),
    "KT454": Fault(N_("{kpi} on {date} has no total by {of}: these have not reported: {members}"), warning=True),
    # 7xx: secrets, and the notify file
    "KT701": Fault(
        N_("“{key}” holds a secret itself; write env: with the name of a variable or file: with a path below it")
    ),
    "KT702": Fault(N_("a password must not go over an open line: use starttls or tls")),
    "KT703": Fault(N_("there is no channel “{value}” in this file; there are: {expected}")),
    "KT704": Fault(
        N_("nobody can be mentioned by the channel “{value}”: that is for DingTalk, WeCom, Feishu and Slack")
    ),
    "KT705": Fault(
        N_("the route “{member}” waits in vain: {of} “{value}” is in no plan that was checked"), warning=True
    ),
}
