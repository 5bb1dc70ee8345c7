# The shell of every page, refusals, links that many pages share.
-marketplace = AliExpress

brand-independent = 独立账户网站
title-ending = { $brand }，独立账户网站
independence = 本站不属于 Alipay 或蚂蚁集团（Ant Group），与其没有任何关联。
support-lead = 客服：
support-none = 本站运营者没有说明如何联系客服。
support-operator = 本站由 { $operator } 运营。通信地址：{ $address }。

skip-link = 跳到正文
header-languages = 语言
header-account = 个人账户
header-cards = 银行卡
header-number = 账号
header-sign-out = 退出
footer-label = 关于本服务
footer-help = 帮助
footer-privacy = 隐私政策
footer-opened = 页面打开时间：{ $at }。
footer-independence = 本站不属于 Alipay 或蚂蚁集团（Ant Group），与其没有任何关联。{ $operator ->
    [none] {""}
   *[other] 运营者：{ $operator }，{ $address }。
  }

errors-title = 需要更正的内容
colon = ：
full-stop = 。
error-mark = 错误：
continue-submit = 继续
sandbox-hint = 这是试用环境，消息并未真正发出，请到沙盒查看：

next-home = 返回首页
next-cabinet = 进入个人账户
next-sign-in = 登录
next-registration = 前往注册
next-help = 帮助
next-again = 再试一次

refusal-request = 请求编号：
refusal-retry = 请在 { $time }之后再试。
refusal-not-found-title = 没有这个页面
refusal-not-found-text = 地址可能输错了，或者链接已经失效。请核对地址，或从首页重新开始。
refusal-forbidden-title = 您无法打开此页面
refusal-forbidden-text = 您的账户没有此页面的权限。如果登录的不是您要用的账户，请先退出再重新登录。
refusal-stale-title = 表单已过期
refusal-stale-text = 页面打开的时间太长，或者浏览器没有保存 Cookie。我们没有收到任何内容，也没有做任何更改。请重新打开页面再填写一次；如果仍然不行，请允许本站使用 Cookie。
refusal-sign-in-title = 请先登录
refusal-sign-in-text = 此页面属于个人账户。如果您之前登录过，说明会话已经结束：长时间没有操作时，我们会自动退出，以免他人使用。
refusal-too-many-title = 尝试次数过多
refusal-too-many-text = 短时间内请求过多，我们暂停了处理。没有任何内容丢失，资金和数据都安全，请稍候再试。
refusal-network-text = 短时间内从您的网络地址（可能有其他人共用）发来的请求过多，我们暂停了处理。没有任何内容丢失，资金和数据都安全。请稍候，或换用其他网络（例如移动网络）打开本页。
refusal-broken-title = 我们这边出了问题
refusal-broken-text = 这是我们的错误，与您无关。没有扣款，资金也没有变动。请过一分钟再试。如果仍然不行，请记下请求编号，我们可以据此查明原因。
refusal-busy-title = 暂时无法响应
refusal-busy-text = 请求过多，或服务短暂中断。没有扣款，也没有任何更改。请半分钟后再试。
refusal-unsure-title = 无法确定是否已保存
refusal-unsure-text = 系统未能及时得到答复，无法确定您提交的内容是否已保存。请稍候半分钟，打开您的账户查看变化，然后再决定是否重新提交。
refusal-bad-request-title = 无法读取请求
refusal-bad-request-text = 浏览器发来的内容我们无法识别，因此没有做任何更改。请返回上一页，刷新后再试。
refusal-wrong-host-title = 此地址没有个人账户
refusal-wrong-host-text = 您打开的网址不属于我们。请不要在此页面输入任何内容。请点击下面的链接，它会带您前往我们的真实网址。
refusal-encoded-title = 收到的数据经过压缩
refusal-encoded-text = 我们不接收压缩数据，因此没有做任何更改。浏览器不会这样发送：如果表单由程序提交，请关闭其压缩功能；如果使用的是浏览器，请停用扩展程序后重新提交。
refusal-too-large-title = 内容过多
refusal-too-large-text = 表单内容超出了我们能接收的长度，因此没有保存。请返回并缩短内容。
refusal-method-title = 不能这样打开此页面
refusal-method-text = 不能通过链接或提交表单打开此地址。没有任何更改。请从首页开始。
refusal-slow-title = 请求耗时过长
refusal-slow-text = 连接太慢，我们停止了等待。没有做任何更改。请检查网络后重新提交。

# What an answer has the next page say
field-again = 请重新输入：出错后此栏会清空。
old-form-nothing = 页面已过期，我们已为您刷新。内容没有保存。
old-form-ended = 会话已结束，表单没有提交。内容没有保存。
old-form-check = 请检查表单后重新提交。
old-form-fill = 请填写表单后重新提交。
old-form-secrets = 需要重新输入：{ $what }。
old-form-password = 密码
old-form-code = 验证码
old-form-card-number = 卡号
old-form-card-expiry = 有效期
old-form-card-code = 安全码
old-form-answers = 问题的答案
old-form-sum = 金额
old-form-button = 页面已过期，我们已为您刷新。没有执行任何操作：如仍需要，请再次点击按钮。
old-form-elsewhere = 您提交表单的页面已过期。没有执行任何操作。请从这里继续。
flash-other-account = 该表单是在另一个账户中打开的。没有执行任何操作，填写的内容也没有带过来。
flash-step-elsewhere = 该步骤已经完成或尚未开始，请从这里继续。
flash-done-already = 此操作已经完成，重复提交没有带来任何更改。
