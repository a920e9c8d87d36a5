"""Messages for tests of learning: four units and what people write to them. All invented."""

import random

from huiying.engine.listen.learn.labels import Example, Passage

MATTERS = {
    "城管": ("路灯坏了", "井盖丢了", "垃圾没人清运", "摊贩占道经营", "绿化带被踩坏", "违章搭建没人管"),
    "教育": (
        "学校食堂饭菜凉",
        "老师补课收费",
        "孩子上学学位不够",
        "幼儿园乱收费",
        "校车超载",
        "作业太多睡不够",
    ),
    "交通": ("公交车不进站", "红绿灯时间太短", "公路坑洼难走", "出租车拒载", "客运班车停开", "桥面护栏松动"),
    "环保": (
        "工厂夜里排放废气",
        "河水发黑发臭",
        "工地噪声扰民",
        "养猪场污水直排",
        "扬尘很大",
        "油烟味道刺鼻",
    ),
}
SCHEME = (
    ("城管", "市政设施", "路灯井盖"), ("城管", "市容环境", "垃圾清运"), ("城管", "市容秩序", "占道经营"),
    ("城管", "园林", "绿化"), ("城管", "规划", "违章搭建"),
    ("教育", "学校管理", "学校食堂"), ("教育", "教师", "补课收费"), ("教育", "入学", "学位"),
    ("教育", "学前", "幼儿园"), ("教育", "安全", "校车"),
    ("交通", "客运", "公交车出租车"), ("交通", "公路", "公路养护"), ("交通", "信号", "红绿灯"),
    ("交通", "桥梁", "桥面护栏"),
    ("环保", "大气", "废气扬尘油烟"), ("环保", "水", "污水河水"), ("环保", "噪声", "工地噪声扰民"),
)  # fmt: skip
_BEFORE = ("请问", "反映一下", "我们小区", "附近", "昨天晚上", "一个多月了")
_AFTER = ("请尽快处理", "希望有人管", "给大家带来不便", "多次反映没有结果", "谢谢", "请回复")


def messages(each: int, seed: int = 0) -> list[Example]:
    """So many messages to each unit, in a mixed order."""
    dice = random.Random(seed)
    found = [
        Example(
            Passage(
                matter, f"{dice.choice(_BEFORE)}，{matter}，{dice.choice(matters)}，{dice.choice(_AFTER)}"
            ),
            unit,
        )
        for unit, matters in MATTERS.items()
        for matter in (dice.choice(matters) for _ in range(each))
    ]
    dice.shuffle(found)
    return found
