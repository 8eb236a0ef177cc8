"""The five simulated platforms, each with names and codes of its own; none of them is the real one."""

from __future__ import annotations

from yizhan_simulators.platforms.shape import Desk, Shape, Shelf

PROVINCE = Shape(
    id="provincial_platform",
    title="全省人民调解平台（模拟器）",
    code="code",
    data="data",
    rows="list",
    number="slh",
    prefix="MNSTJ",
    ok="0000",
    known="0001",
    bad="4001",
    elsewhere="4003",
    area="xzqh",
    shelves={
        "/rmtj/v1/tjzz": Shelf(key="wbbh", required=("mc", "xzqh"), codes={"lx": "01 02 03 04 05 09"}),
        "/rmtj/v1/tjy": Shelf(key="wbbh", required=("xm", "tjzzbh", "xzqh")),
        "/rmtj/v1/aj": Shelf(
            key="wbbh",
            required=("ajh", "xzqh", "slsj"),
            codes={
                "jflx": "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 99",
                "zt": "10 20 30 35 40 50 60 61 62 63",
            },
        ),
    },
    desk=Desk(list="/rmtj/v1/yy", id="yybh", cursor="xh", receipt="/rmtj/v1/yyhz"),
)

HOTLINE = Shape(
    id="hotline12345",
    title="12345热线（模拟器）",
    code="status",
    data="result",
    rows="rows",
    number="receiptNo",
    prefix="SIM-R",
    ok="200",
    known="208",
    bad="422",
    area="",
    shelves={
        "/api/workorder/results": Shelf(
            key="caseId",
            required=("workOrderNo", "caseNo"),
            codes={"progress": "DONE REFERRED WITHDRAWN REFUSED"},
        )
    },
    desk=Desk(
        list="/api/workorder/dispatched", id="workOrderNo", cursor="seq", receipt="/api/workorder/signed"
    ),
)

FOUR = Shape(
    id="four_platforms",
    title="基层治理四平台（模拟器）",
    code="code",
    data="body",
    rows="items",
    number="ticket",
    prefix="SIM4-",
    ok="OK",
    known="EXISTS",
    bad="BAD_FIELD",
    elsewhere="BAD_AREA",
    area="areaCode",
    shelves={
        "/gov4/events": Shelf(
            key="eventId",
            required=("eventNo", "areaCode", "happenedAt"),
            codes={"status": "NEW SENT DOING UP HOLD DONE END", "platform": "ZZ ZF BM SC"},
        )
    },
    desk=Desk(
        list="/gov4/events/dispatched", id="sourceEventId", cursor="serial", receipt="/gov4/events/accepted"
    ),
)

CITY = Shape(
    id="municipal_platform",
    title="市域综治信息平台（模拟器）",
    code="resultCode",
    data="resultData",
    rows="rows",
    number="receipt",
    prefix="MNSY",
    ok="0",
    known="0",
    bad="2",
    elsewhere="5",
    area="areaCode",
    shelves={
        "/szpt/monthly": Shelf(key="refId", required=("areaCode", "month", "accepted")),
        "/szpt/disputes": Shelf(
            key="refId",
            required=("disputeNo", "areaCode", "occurDate"),
            codes={"status": "1 2 3 4", "scale": "0 1 2 3 4"},
        ),
    },
    desk=Desk(list="/szpt/events", id="eventNo", cursor="rowNo", receipt="/szpt/events/sign"),
)

PETITION = Shape(
    id="petition_system",
    title="信访信息系统（模拟器）",
    code="rtn",
    data="dat",
    rows="rows",
    number="xfjbh",
    prefix="MNXF",
    ok="1",
    known="2",
    bad="-1",
    elsewhere="-3",
    area="wtsd",
    shelves={
        "/xfxt/djxx": Shelf(
            key="lybh",
            required=("ywbh", "wtsd", "djsj", "xfrxm"),
            codes={"xfxs": "1 2 3 4 5 6", "blzt": "01 02 03 04 05 06 07 08 09 10"},
        )
    },
    desk=Desk(list="/xfxt/zsj", id="zsjbh", cursor="xh", receipt="/xfxt/zsjhz"),
)

SHAPES = {shape.id: shape for shape in (PROVINCE, HOTLINE, FOUR, CITY, PETITION)}
