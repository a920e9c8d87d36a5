"""A robot of a Feishu (飞书) or Lark group."""
