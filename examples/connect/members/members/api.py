from connect_shared.web import endpoint, respond

from members.repository import members
from members.service import MemberService

service = MemberService(members)


@endpoint
def create(request):
    return respond(201, service.create(request.json))


@endpoint
def list_members(request):
    found = service.list(
        request.member_id,
        request.limit(),
        city=request.query.get("city"),
        interest=request.query.get("interest"),
    )
    return {"members": found, "count": len(found)}


@endpoint
def get(request):
    return service.show(request.path["memberId"], request.member_id)


@endpoint
def update(request):
    return service.update(request.path["memberId"], request.member_id, request.json)


@endpoint
def delete(request):
    service.delete(request.path["memberId"], request.member_id)
    return respond(204)
