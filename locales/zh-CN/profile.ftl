
profile-title = 个人资料
profile-none = 未填写
profile-name = 称呼
profile-name-link = 修改称呼
profile-email = 电子邮箱
profile-email-link = 更换邮箱
profile-pending = 等待确认：{ $value }。
profile-phone = 手机
profile-phone-link = 更换手机号
profile-phone-add = 添加手机号
profile-language = 语言
profile-language-link = 更换语言
profile-zone = 时区
profile-zone-link = 更换时区
profile-password = 密码
profile-questions = 找回账户
profile-questions-link = 安全问题
profile-security-link = 登录设备、双重验证和日志
profile-messages = 消息
profile-save = 保存
next-profile = 返回个人资料

name-title = 称呼
name-lead = 我们会这样称呼您。不必与证件一致，除了您，没有人会在这里看到它。
name-label = 怎么称呼您
name-hint = 最多 60 个字符，例如 Anna
name-empty = 请输入称呼，其中至少要有一个字母或汉字。
name-long = 内容太长，最多 { $max } 个字符。
name-control = 称呼中有看不见的控制字符。请用键盘重新输入。
name-number = 看起来像银行卡号或手机号。没有要求时，请勿填写这些号码；这里应填写称呼。
name-link = 看起来像网址或邮箱。这里应填写称呼。

language-title = 语言
language-lead = 账户页面、邮件和短信都将使用此语言。
language-wrong = 请从列表中选择语言。

zone-title = 时区
zone-lead = 页面、邮件和短信中的时间都以此为准。俄罗斯城市排在最前，其余按国家和地区排列。
zone-wrong = 请从列表中选择时区。
zone-russia = 俄罗斯
zone-europe = 欧洲
zone-asia = 亚洲
zone-america = 美洲
zone-africa = 非洲
zone-australia = 澳大利亚
zone-pacific = 太平洋
zone-atlantic = 大西洋
zone-indian = 印度洋
zone-kaliningrad = 加里宁格勒
zone-moscow = 莫斯科、圣彼得堡、喀山
zone-samara = 萨马拉、萨拉托夫、伊热夫斯克
zone-yekaterinburg = 叶卡捷琳堡、车里雅宾斯克、乌法
zone-omsk = 鄂木斯克
zone-krasnoyarsk = 克拉斯诺亚尔斯克、新西伯利亚、托木斯克
zone-irkutsk = 伊尔库茨克、乌兰乌德
zone-yakutsk = 雅库茨克、赤塔、布拉戈维申斯克
zone-vladivostok = 符拉迪沃斯托克、哈巴罗夫斯克
zone-magadan = 马加丹、南萨哈林斯克
zone-kamchatka = 堪察加彼得罗巴甫洛夫斯克、阿纳德尔

# A new password
new-password-change-title = 更改密码
new-password-ends = 更改后，您在其他浏览器和设备上的登录都会退出，当前浏览器保持登录。
current-password-label = 当前密码
changed-password-label = 新密码
changed-again-label = 再输入一次新密码
password-changed-title = 密码已更改
password-changed-text = 其他登录都已结束，以前邮件中的链接也已失效。我们已就此给您发送消息。

# A new phone
phone-title = 手机
phone-current = 目前已确认的号码：
phone-replace-text = 要更换，请输入新号码。新号码确认之前，原号码继续有效。更换后我们会给原号码发送短信。
phone-why = 有了手机号，您可以用它登录，并接收交易短信。
phone-pending = 正在等待确认 { $phone }。
phone-pending-link = 输入短信验证码
phone-password-hint = 以确认是您本人在更换手机号
phone-same = 此号码已经确认，请输入其他号码。
phone-code-submit = 确认号码
phone-code-not-there = 没收到短信？请等几分钟，并检查信号。如果号码属于其他账户，收到的将是一条说明短信，而不是验证码。
phone-changed-title = 手机号已确认
phone-changed-text = 今后短信会发到新号码，您也可以用它登录。如果您有邮箱和原号码，我们已向它们发送更换通知。

# Taking an address or a phone away
removal-email-title = 删除邮箱
removal-email-text = 您将不再收到邮件，也无法用此邮箱登录。手机号保留：重要事项会用短信通知。
removal-email-only = 这是唯一能联系到您的方式，因此无法删除。请先添加并确认手机号。
removal-phone-title = 删除手机号
removal-phone-text = 您将不再收到短信，也无法用此号码登录。邮箱保留：重要事项会发到邮箱。
removal-phone-only = 这是唯一能联系到您的方式，因此无法删除。请先添加并确认电子邮箱。
removal-nothing = 没有可删除的内容。
removal-password-hint = 以确认是您本人的操作
removal-submit = 删除
