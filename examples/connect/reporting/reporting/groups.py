import asyncio

from gql import gql

from connect_shared import graphql
from connect_shared.dates import now, week_of
from connect_shared.settings import settings

from reporting.files import ReportFiles

RANKING = gql(
    """
    query Ranking($limit: Int) {
      groupRanking(limit: $limit) { groupId attendances }
    }
    """
)

STATISTICS = gql(
    """
    query Statistics($groupId: ID!) {
      groupStatistics(groupId: $groupId, weeks: 4) {
        groupId
        weeks { week joined departed attendances }
      }
    }
    """
)


def growth(weeks):
    return sum(week["joined"] - week["departed"] for week in weeks)


async def collect():
    async with graphql.async_client(settings.require("GRAPHQL_URL")) as session:
        ranking = await session.execute(RANKING, variable_values={"limit": 50})
        answers = await asyncio.gather(
            *(
                session.execute(STATISTICS, variable_values={"groupId": group["groupId"]})
                for group in ranking["groupRanking"]
            )
        )
    return [answer["groupStatistics"] for answer in answers]


def handler(event, context):
    statistics = asyncio.run(collect())
    rows = [{"groupId": each["groupId"], "growth": growth(each["weeks"])} for each in statistics]
    rows.sort(key=lambda row: -row["growth"])
    ReportFiles().write_csv(f"groups/{week_of(now())}.csv", rows)
    return {"groups": len(rows)}
