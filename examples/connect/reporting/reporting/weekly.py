from connect_shared.aws import client
from connect_shared.dates import days_ago, week_of
from connect_shared.logs import logger
from connect_shared.settings import settings

from reporting.files import ReportFiles

TOTALS = """
SELECT group_id, joined, departed, attendances
FROM group_weeks
WHERE week = :week
ORDER BY attendances DESC
"""

log = logger(__name__)


class DataApi:
    def __init__(self):
        self.api = client("rds-data")
        self.target = {
            "resourceArn": settings.require("CLUSTER_ARN"),
            "secretArn": settings.require("SECRET_ARN"),
            "database": "connect",
        }

    def run(self, sql, **parameters):
        return self.api.execute_statement(
            **self.target,
            sql=sql,
            parameters=[{"name": name, "value": {"stringValue": value}} for name, value in parameters.items()],
            includeResultMetadata=True,
        )

    def rows(self, sql, **parameters):
        answer = self.run(sql, **parameters)
        names = [column["name"] for column in answer["columnMetadata"]]
        return [
            dict(zip(names, (next(iter(field.values())) for field in record), strict=True))
            for record in answer["records"]
        ]


def close_week(event, context):
    week = week_of(days_ago(1))
    api = DataApi()
    api.run("CALL close_week(:week)", week=week)
    totals = api.rows(TOTALS, week=week)
    key = ReportFiles().write_csv(f"weeks/{week}.csv", totals)
    attendances = sum(row["attendances"] for row in totals)
    client("sns").publish(
        TopicArn=settings.require("OPERATIONS_TOPIC"),
        Subject=f"Week {week}",
        Message=f"{len(totals)} groups, {attendances} attendances: {key}",
    )
    log.info("closed", extra={"fields": {"week": week, "groups": len(totals)}})
